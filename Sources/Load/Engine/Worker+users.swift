import DequeModule
import HeapModule

/// A virtual user goes through its steps. Each strand of them, the user's own and each branch of a `parallel`, is
/// carried out on a connection of its own and named by its slot.
extension Worker where Transport: ~Copyable {
    /// The strand's time has come: at its start, after a pause, for an arrival, or to connect again.
    /// - Parameter due: when it was to go on by the schedule.
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

    /// Whether what the strand does next goes over a connection. A user that rests has one open for its next iteration,
    /// unless the server does not take it: then an arrival tries again, and no user by itself.
    private func needsConnection(_ slot: Int) -> Bool {
        guard connections[slot].step >= 0 else { return false }
        guard users[Int(connections[slot].user)].isInIteration else {
            return arrivals == nil || connections[slot].failuresInARow == 0
        }
        return table.steps[Int(connections[slot].step)].kind == .exchange
    }

    /// An answer, or a connection, lets the strand go on at this instant.
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

    /// Does the strand's current step. Its connection is open and idle, where the step needs one.
    mutating func perform(_ slot: Int) {
        let step = Int(connections[slot].step)
        let user = Int(connections[slot].user)
        guard step >= 0, users[user].isInIteration || beginIteration(user) else { return }
        switch table.steps[step].kind {
        case .exchange:
            if connections[slot].state == .closed { openConnection(slot) } else { beginExchange(slot, step: step) }
        case .pause:
            connections[slot].isStepOver = true
            // In the closed model it is the connection that has made it wait, which is no part of think time.
            connections[slot].lateness =
                arrivals == nil ? 0 : connections[slot].readyAt &- connections[slot].intendedAt
            wakeups.insert(Wakeup(at: connections[slot].readyAt + table.steps[step].pause, slot: Int32(slot)))
        case .parallel:
            fork(slot, step: step)
        }
    }

    /// - Returns: false where the user is to rest until an arrival.
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
                // Connected before the time: the iteration begins when load does.
                wakeups.insert(Wakeup(at: start, slot: users[user].connection))
                return false
            }
            if connections[slot].isDueByClock {
                // Nothing says when the first request is due: its user has been connected before, and begins now.
                connections[slot].intendedAt = now
                connections[slot].readyAt = now
                connections[slot].isDueByClock = false
            } else {
                // It waited for its connection.
                connections[slot].intendedAt = max(connections[slot].intendedAt, start)
            }
        }
        users[user].isInIteration = true
        return true
    }

    /// The oldest arrival that waits. One that has waited for longer than its request may take has failed.
    private mutating func takeArrival() -> Nanoseconds? {
        while let arrival = arrivals?.takeOldest() {
            if now < arrival &+ arrivalTimeout { return arrival }
            failArrival(arrival)
        }
        return nil
    }

    /// An arrival is due: a user that rests takes it, or it waits.
    mutating func arrive() {
        guard let arrival = arrivals?.arrive() else { return }
        let user = resting.popFirst() ?? createUser()
        if isMeasuring {
            // One that is sent just after the end belongs to the last second.
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

    /// Adds a virtual user, with connections that are still closed; nil if there may be no more.
    ///
    /// The memory for all of them is reserved from the start and does not move; what is not used costs nothing.
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

    /// Begins all branches of a `parallel`.
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

    /// The strand's current step has been done once more.
    /// - Returns: whether the strand is to go on; a branch that has ended is not.
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

    func turn(_ user: Int) -> Turn {
        Turn(
            user: users[user].number, iteration: users[user].iteration,
            variables: variables.isEmpty ? [:] : variables[user].values)
    }
}
