import DequeModule
import HeapModule

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
        switch connections[slot].state {
        case .closed where needsConnection(slot):
            connections[slot].intendedAt = due &- lateness
            connections[slot].readyAt = due
            connections[slot].isDueByClock = true
            openConnection(slot)
        case .closed, .idle:
            connections[slot].intendedAt = due &- lateness
            connections[slot].readyAt = due
            connections[slot].isDueByClock = true
            perform(slot)
        case .connecting, .handshaking, .busy: break
        }
    }

    /// Whether the sequence's next action needs a connection.
    ///
    /// A resting user keeps one open for its next iteration. If the server rejects it, only an arrival tries again; the
    /// user does not reconnect on its own.
    private func needsConnection(_ slot: Int) -> Bool {
        guard connections[slot].step >= 0 else { return false }
        guard users[Int(connections[slot].user)].isInIteration else {
            return arrivals == nil || connections[slot].failuresInARow == 0
        }
        return table.steps[Int(connections[slot].step)].kind == .exchange
    }

    /// Continues a sequence right after a response, or after its last branch has ended.
    mutating func goOn(_ slot: Int) {
        connections[slot].intendedAt = now
        connections[slot].readyAt = now
        connections[slot].isDueByClock = false
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
                arrivals == nil ? 0 : connections[slot].readyAt &- connections[slot].intendedAt
            wakeups.insert(Wakeup(at: connections[slot].readyAt + table.steps[step].pause, slot: Int32(slot)))
        case .parallel:
            fork(slot, step: step)
        }
    }

    /// - Returns: false if the user must rest until an arrival.
    private mutating func beginIteration(_ user: Int) -> Bool {
        if arrivals != nil {
            guard let arrival = takeArrival() else {
                resting.append(Int32(user))
                return false
            }
            let slot = Int(users[user].connection)
            connections[slot].intendedAt = arrival
            connections[slot].readyAt = now
            connections[slot].isDueByClock = false
            connections[slot].openLag = 0
        } else if users[user].iteration == 0 {
            let slot = Int(users[user].connection)
            let start = schedule.start(ofUser: users[user].number)
            if now < start {
                // Connected early: the iteration begins when load does.
                wakeups.insert(Wakeup(at: start, slot: users[user].connection))
                return false
            }
            if connections[slot].isDueByClock {
                // The first request has no scheduled time. Its user was connected before, and begins now.
                connections[slot].intendedAt = now
                connections[slot].readyAt = now
                connections[slot].isDueByClock = false
            } else {
                // The user waited for its connection.
                connections[slot].intendedAt = max(connections[slot].intendedAt, start)
            }
        }
        users[user].isInIteration = true
        return true
    }

    /// The oldest waiting arrival. One that has waited longer than its request's timeout has failed.
    private mutating func takeArrival() -> Nanoseconds? {
        while let arrival = arrivals?.takeOldest() {
            if now < arrival &+ arrivalTimeout { return arrival }
            failArrival(arrival)
        }
        return nil
    }

    /// Takes an arrival that is due: a resting user begins an iteration, or the arrival waits.
    mutating func arrive() {
        guard let arrival = arrivals?.arrive() else { return }
        let user = resting.popFirst() ?? createUser()
        if isMeasuring {
            // An arrival sent just after the end belongs to the last second.
            let begun = min(now, schedule.end - 1) - schedule.measurementStart
            recorder.recordArrival(
                due: arrival - schedule.measurementStart,
                user == nil
                    ? .waiting : .begun(at: begun, isBunched: arrivals.map { $0.next <= now } ?? false))
        }
        guard let user else {
            arrivals?.wait(arrival)
            return
        }
        users[Int(user)].isInIteration = true
        resume(Int(users[Int(user)].connection), due: arrival)
    }

    /// Adds a virtual user with closed connections; returns nil if the maximum is reached.
    ///
    /// Memory for the maximum is reserved from the start and does not move. Unused memory costs nothing.
    mutating func createUser() -> Int32? {
        guard userCount < userNumbers.count else { return nil }
        let user = userCount
        (users + user).initialize(to: VirtualUser(number: userNumbers[user], connection: Int32(user * width)))
        for branch in 0..<width {
            (connections + (user * width + branch)).initialize(
                to: Connection(user: Int32(user), step: branch == 0 ? 0 : -1))
        }
        connections[user * width].remaining = table.steps[0].repeats
        userCount += 1
        return Int32(user)
    }

    /// Starts all branches of a `parallel`.
    private mutating func fork(_ slot: Int, step: Int) {
        let user = Int(connections[slot].user)
        let branches = Int(table.steps[step].branches)
        let (due, ready, byClock) =
            (connections[slot].intendedAt, connections[slot].readyAt, connections[slot].isDueByClock)
        users[user].branches = Int32(branches)
        for branch in 1...branches {
            connections[slot + branch].step = Int32(step + branch)
            connections[slot + branch].remaining = table.steps[step + branch].repeats
        }
        for branch in slot + 1...slot + branches {
            connections[branch].intendedAt = due
            connections[branch].readyAt = ready
            connections[branch].isDueByClock = byClock
            if ![.connecting, .handshaking].contains(connections[branch].state) { perform(branch) }
        }
    }

    /// Advances the sequence after one run of its current step.
    /// - Returns: whether the sequence continues; false for a branch that has ended.
    @inline(__always)
    mutating func advance(_ slot: Int) -> Bool {
        connections[slot].remaining &-= 1
        guard connections[slot].remaining <= 0 else { return true }
        let next = table.steps[Int(connections[slot].step)].next
        guard next >= 0 else { return endStrand(slot) }
        connections[slot].step = next
        connections[slot].remaining = table.steps[Int(next)].repeats
        return true
    }

    private mutating func endStrand(_ slot: Int) -> Bool {
        let user = Int(connections[slot].user)
        let own = Int(users[user].connection)
        if slot == own {
            users[user].isInIteration = false
            users[user].iteration &+= 1
            connections[slot].step = 0
            connections[slot].remaining = table.steps[0].repeats
            return true
        }
        connections[slot].step = -1
        users[user].branches -= 1
        if users[user].branches == 0, advance(own) { goOn(own) }
        return false
    }

    func iteration(_ user: Int) -> UserIteration {
        UserIteration(
            user: users[user].number, number: users[user].iteration,
            variables: variables.isEmpty ? [:] : variables[user].values)
    }
}
