/// Alternates between another client and the primary one, which is denied.
struct Trial: Equatable, Sendable {
    let client: ProbeClient
    /// How often the other client sends. Each time lies between two of the primary client's.
    let rounds: Int
    /// How many requests each sends in its turn, at the same time.
    let size: Int
    /// In turn: primary, other, primary, other, …, primary.
    private var turns: [Turn] = []

    private struct Turn: Equatable, Sendable {
        var admitted = 0
        var denied = 0
        var sent = 0

        var isAdmitted: Bool { sent > 0 && admitted == sent }
        /// A few may be admitted to a client that is denied: a token bucket fills up all the time.
        var isDenied: Bool { sent > 0 && admitted + denied == sent && admitted <= sent / 2 }
    }

    init(_ client: ProbeClient, rounds: Int, size: Int) {
        self.client = client
        self.rounds = rounds
        self.size = size
    }

    /// The rounds and their size for a limit, so that the other client does not use up its own limit.
    init(_ client: ProbeClient, limit: Int, concurrency: Int) {
        let rounds = min(3, max(1, limit / 2))
        self.init(client, rounds: rounds, size: max(1, min(16, concurrency, limit / (rounds + 1))))
    }

    var volley: Volley {
        Volley(
            client: turns.count.isMultiple(of: 2) ? .primary : client, count: size, concurrency: size,
            stopsAtDenial: false)
    }

    var isOver: Bool { turns.count > 2 * rounds }

    mutating func note(_ exchanges: [ProbeExchange]) {
        turns.append(
            Turn(
                admitted: exchanges.count { $0.outcome == .admitted },
                denied: exchanges.count { $0.outcome == .denied }, sent: exchanges.count))
    }

    /// Whether the other client has a limit of its own; nil if the outcomes do not show it.
    var isSeparate: Bool? {
        let others = conclusiveRounds.map { turns[2 * $0 + 1] }
        guard !others.isEmpty else { return nil }
        if others.allSatisfy(\.isAdmitted) { return true }
        if others.allSatisfy(\.isDenied) { return false }
        return nil
    }

    /// The number of comparisons in which the primary client was denied before and after.
    var conclusive: Int { conclusiveRounds.count }

    private var conclusiveRounds: [Int] {
        (0..<rounds).filter { 2 * $0 + 2 < turns.count && turns[2 * $0].isDenied && turns[2 * $0 + 2].isDenied }
    }
}
