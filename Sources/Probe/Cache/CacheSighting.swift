/// A successful read, and what it shows.
struct CacheSighting: Sendable {
    var exchange: CacheExchange
    /// The latest value that it shows; 0 if none.
    var version: Int
    /// The latest write that had been acknowledged before the read was sent.
    var acknowledged: Int
    /// Whether no earlier read showed this value or a later one.
    var isFirst: Bool
    /// Whether it shows none of the values although the same user was shown some before: other data took their place.
    var isForeign: Bool
    /// When the read before it was sent, by any user, and whether that was the first to show its value.
    var previous: (sent: Double, isFirst: Bool)?

    /// Whether it lacks a value that was acknowledged before the read was sent.
    var isStale: Bool { version < acknowledged && !isForeign }
    /// Whether it shows the latest value.
    var isFresh: Bool { version >= acknowledged && version > 0 }
    var sent: Double { exchange.sent }
    var received: Double { exchange.received }
    var user: Int { exchange.user }
}
