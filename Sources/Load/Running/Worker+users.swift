/// How virtual users run their steps.
///
/// A user's main steps form one sequence, and so does each branch of a `parallel`. Each sequence has its own connection
/// and is identified by its slot.
extension Worker where Transport: ~Copyable {
    /// Continues a sequence at its time: at its start, after a pause, for an arrival, or to connect again.
    /// - Parameter due: the scheduled time.
    mutating func resume(_ slot: Int, due: Nanoseconds) {
        if connections[slot].isStepOver {
            connections[slot].isStepOver = false
            guard advance(slot) else { return }
        }
        let lateness = connections[slot].lateness
        connections[slot].lateness = 0
        guard connections[slot].state == .closed || connections[slot].state == .idle else { return }
        let isClosed = connections[slot].state == .closed
        let connects = isClosed && needsConnection(slot)
        connections[slot].makeDue(due &- lateness, ready: due, byClock: true)
        if connects { openConnection(slot) } else { perform(slot) }
    }

    /// Whether the sequence's next action needs a connection.
    ///
    /// A resting user keeps one open for its next iteration. If the server rejects it, only an arrival tries again; the
    /// user does not reconnect on its own.
    private func needsConnection(_ slot: Int) -> Bool {
        guard connections[slot].step >= 0 else { return false }
        guard users[Int(connections[slot].user)].isInIteration else {
            return !users.isOpenModel || connections[slot].failuresInARow == 0
        }
        return table.steps[Int(connections[slot].step)].kind == .exchange
    }

    /// Continues a sequence right after a response, or after its last branch has ended.
    mutating func goOn(_ slot: Int) {
        connections[slot].makeDue(now, ready: now, byClock: false)
        if connections[slot].state == .closed, needsConnection(slot) {
            openConnection(slot)
        } else {
            perform(slot)
        }
    }

    /// Runs the sequence's current step. The connection is open and idle if the step needs one.
    mutating func perform(_ slot: Int) {
        let step = Int(connections[slot].step)
        let user = Int(connections[slot].user)
        guard step >= 0, users[user].isInIteration || beginIteration(user) else { return }
        switch table.steps[step].kind {
        case .exchange:
            if connections[slot].state == .closed { openConnection(slot) } else { beginExchange(slot, step: step) }
        case .pause:
            connections[slot].isStepOver = true
            // In the closed model the delay came from the connection, which is not part of the think time.
            connections[slot].lateness =
                users.isOpenModel ? connections[slot].readyAt &- connections[slot].intendedAt : 0
            users.wake(slot, at: connections[slot].readyAt + table.steps[step].pause)
        case .parallel:
            fork(slot, step: step)
        }
    }

    /// - Returns: false if the user must rest until an arrival, or wait until load begins.
    private mutating func beginIteration(_ user: Int) -> Bool {
        let slot = Int(users[user].connection)
        if users.isOpenModel {
            guard let arrival = takeWaitingArrival() else {
                users.rest(user)
                return false
            }
            connections[slot].makeDue(arrival, ready: now, byClock: false)
            connections[slot].openLag = 0
        } else if users[user].iteration == 0 {
            let start = phases.schedule.start(ofUser: users[user].number)
            if now < start {
                // Connected early: the iteration begins when load does.
                users.wake(slot, at: start)
                return false
            }
            // The measurement may begin at the same instant. Then this request belongs to it.
            if now >= phases.nextChange { keepSchedule() }
            if connections[slot].isDueByClock {
                // The first request has no scheduled time. Its user was connected before, and begins now.
                connections[slot].makeDue(now, ready: now, byClock: false)
            } else {
                // The user waited for its connection.
                connections[slot].intendedAt = max(connections[slot].intendedAt, start)
            }
        }
        users.users[user].isInIteration = true
        data.drawRow(for: user)
        return true
    }

    /// The oldest waiting arrival. One that has waited longer than its request's timeout has failed.
    private mutating func takeWaitingArrival() -> Nanoseconds? {
        while let arrival = users.takeOldestWaiting() {
            if now < arrival &+ arrivalTimeout { return arrival }
            failArrival(arrival)
        }
        return nil
    }

    /// Takes an arrival that is due: a resting user begins an iteration, or the arrival waits.
    mutating func arrive() {
        guard let arrival = users.takeArrival() else { return }
        let user = users.takeResting() ?? createUser()
        if phases.isMeasuring {
            // An arrival sent just after the end belongs to the last second.
            let begun = phases.sinceStart(min(now, phases.schedule.end - 1))
            recorder.recordArrival(
                due: phases.sinceStart(arrival),
                user == nil ? .waiting : .begun(at: begun, isBunched: users.nextArrival <= now))
        }
        guard let user else {
            users.wait(arrival)
            return
        }
        users.users[Int(user)].isInIteration = true
        data.drawRow(for: Int(user))
        resume(Int(users[Int(user)].connection), due: arrival)
    }

    /// Adds a virtual user with closed connections; returns nil if the maximum is reached.
    mutating func createUser() -> Int32? {
        guard let user = users.create() else { return nil }
        for branch in 0..<users.width {
            var connection = Connection(user: user, step: branch == 0 ? 0 : -1)
            if branch == 0 { connection.remaining = table.steps[0].repeats }
            slab.add(connection)
        }
        return user
    }

    /// Starts all branches of a `parallel`, or a burst.
    private mutating func fork(_ slot: Int, step: Int) {
        let branches = Int(table.steps[step].branches)
        let parent = connections[slot]
        users.users[Int(parent.user)].branches = Int32(branches)
        for branch in 1...branches {
            let burst = Int(table.steps[step].burst)
            let inner = burst > 0 ? step + 1 : step + branch
            connections[slot + branch].step = Int32(inner)
            connections[slot + branch].remaining =
                burst > 0
                ? Int32(burst / branches + (branch <= burst % branches ? 1 : 0)) : table.steps[inner].repeats
        }
        for branch in slot + 1...slot + branches {
            connections[branch].makeDue(parent.intendedAt, ready: parent.readyAt, byClock: parent.isDueByClock)
            if ![.connecting, .handshaking].contains(connections[branch].state) { perform(branch) }
        }
    }

    /// Advances the sequence after one run of its current step.
    /// - Returns: whether the sequence continues; false for a branch that has ended.
    @inline(__always)
    mutating func advance(_ slot: Int) -> Bool {
        connections[slot].remaining &-= 1
        connections[slot].deniedSince = 0
        guard connections[slot].remaining <= 0 else { return true }
        let next = table.steps[Int(connections[slot].step)].next
        guard next >= 0 else { return endSequence(slot) }
        connections[slot].step = next
        connections[slot].remaining = table.steps[Int(next)].repeats
        return true
    }

    private mutating func endSequence(_ slot: Int) -> Bool {
        let user = Int(connections[slot].user)
        let own = Int(users[user].connection)
        if slot == own {
            users.users[user].isInIteration = false
            users.users[user].iteration &+= 1
            connections[slot].step = 0
            connections[slot].remaining = table.steps[0].repeats
            return true
        }
        connections[slot].step = -1
        users.users[user].branches -= 1
        if users[user].branches == 0, advance(own) { goOn(own) }
        return false
    }
}
