/// Requests of another client, followed by as many of the primary client's as are admitted.
struct Spending: Equatable, Sendable {
    let client: ProbeClient
    /// How many requests the other client sends.
    let count: Int
    /// The limit that the primary client had before.
    let limit: Int
    private(set) var sent = 0
    /// How many of the primary client's requests were admitted afterwards.
    var left: Int?

    /// Half of a high limit is enough to see the difference.
    private static let smallLimit = 40

    init(_ client: ProbeClient, limit: Int) {
        self.client = client
        self.limit = limit
        count = limit <= Self.smallLimit ? limit : limit / 2
    }

    func volley(concurrency: Int) -> Volley {
        let remaining = count - sent
        return Volley(client: client, count: remaining, concurrency: min(concurrency, remaining), stopsAtDenial: false)
    }

    var isOver: Bool { sent >= count }

    mutating func note(_ exchanges: [ProbeExchange]) { sent += exchanges.count }

    /// Whether the requests counted; nil if what was left lies in between.
    var isCounted: Bool? {
        // More than the limit was left if a window ended meanwhile.
        guard let left, sent >= count, left <= limit else { return nil }
        let slack = sent / 4
        if left <= limit - sent + slack { return true }
        return left >= limit - slack ? false : nil
    }
}
