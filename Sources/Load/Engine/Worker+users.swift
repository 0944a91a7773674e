import HeapModule

/// A virtual user goes through its steps.
extension Worker {
    /// The user's time has come: at its start, after a pause, or to connect again.
    mutating func resume(_ user: Int) {
        let slot = Int(users[user].connection)
        switch connections[slot].state {
        case .closed where table.steps[Int(users[user].step)].isPause: perform(user)
        case .closed: openConnection(slot)
        case .idle: perform(user)
        case .connecting, .busy: break
        }
    }

    /// Does the user's current step. Its connection is open and idle, unless the step is a pause.
    mutating func perform(_ user: Int) {
        let step = Int(users[user].step)
        if table.steps[step].isPause {
            wakeups.insert(Wakeup(at: now + table.steps[step].pause, user: Int32(user)))
            advance(user)
        } else {
            beginExchange(Int(users[user].connection), step: step)
        }
    }

    /// The user's current step has been done once more.
    @inline(__always)
    mutating func advance(_ user: Int) {
        users[user].remaining &-= 1
        guard users[user].remaining <= 0 else { return }
        var next = Int(users[user].step) + 1
        if next == table.count {
            next = 0
            users[user].iteration &+= 1
        }
        users[user].step = Int32(truncatingIfNeeded: next)
        users[user].remaining = table.steps[next].repeats
    }

    func turn(_ user: Int) -> Turn {
        Turn(user: users[user].number, iteration: users[user].iteration)
    }
}
