/// Which objects' reads and writes can be ordered.
struct ObjectOrders {
    var objects = 0
    var accesses = 0
    /// Objects, or elements of sets, that no order explains, and that cannot be checked.
    var failed = 0
    var unchecked = 0
    /// The first that failed, by its key.
    private(set) var example: (key: Int, values: [UInt32?], accesses: [(RegisterHistory.Access, String)])?

    mutating func note(_ history: RegisterHistory, _ key: Int) {
        objects += 1
        accesses += history.writes.count + history.reads.count
        switch Linearizability.check(history) {
        case .linearizable: break
        case .undecided: unchecked += 1
        case .notLinearizable(let values):
            failed += 1
            guard example == nil else { return }
            let writes = history.writes.lazy.filter { values.contains($0.value) }.map { ($0, "write") }
            let reads = history.reads.lazy.filter { values.contains($0.value) }.map { ($0, "read") }
            example = (
                key, values,
                Array(writes.prefix(AuditFinding.mostWitnesses)) + Array(reads.prefix(AuditFinding.mostWitnesses))
            )
        }
    }

    mutating func note(_ history: SetHistory, _ key: Int) {
        let order = SetOrder(history)
        objects += order.checked + order.unchecked
        accesses += history.reads.count + history.changes.count
        failed += order.contradictions.count
        unchecked += order.unchecked
        guard example == nil, let first = order.contradictions.first else { return }
        var accesses: [(RegisterHistory.Access, String)] = []
        if let creation = first.element.creation { accesses.append((creation, "create")) }
        if let deletion = first.element.deletion { accesses.append((deletion, "delete")) }
        if let read = first.read { accesses.append((read, "read without")) }
        let index = history.elements.firstIndex(of: first.element)
        let shown = history.reads.lazy.filter { read in index.map(read.shown.contains) ?? false }
        for read in [shown.first, shown.last].compactMap({ $0 }) {
            accesses.append(
                (
                    RegisterHistory.Access(interval: read.interval, value: first.element.number, user: read.user),
                    "read with"
                ))
        }
        example = (key, [first.element.number], accesses)
    }
}
