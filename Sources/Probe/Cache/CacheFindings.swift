/// What the probe found out about a cache.
package struct CacheFindings: Sendable {
    /// Why the probe ended.
    package enum End: Sendable {
        case complete, requests, time, serverError, stopped
        /// Requests of the primary user failed several times in succession.
        case rejected
        /// No read showed a written value.
        case notShown
    }

    /// How long old values were shown after an acknowledged write.
    package struct Staleness: Equatable, Sendable {
        /// Seconds. Half of the stale periods were shorter.
        package var median: Double
        /// Seconds of the longest period.
        package var longest: Double
        /// The number of periods.
        package var count: Int
        /// Whether the longest equals the TTL; nil if the TTL is not known.
        package var isTTL: Bool?

        package init(median: Double, longest: Double, count: Int, isTTL: Bool? = nil) {
            self.median = median
            self.longest = longest
            self.count = count
            self.isTTL = isTTL
        }
    }

    /// Concurrent reads of an empty cache.
    package struct Stampede: Equatable, Sendable {
        package var sent: Int
        /// The most that reached the origin.
        package var misses: Int
        package var count: Int

        package init(sent: Int, misses: Int, count: Int) {
            self.sent = sent
            self.misses = misses
            self.count = count
        }
    }

    package var end = End.complete
    package var requests = 0
    package var seconds = 0.0
    /// The number of requests denied with 429.
    package var denials = 0

    package var present = Finding<Bool>()
    /// How a hit shows: `header X-Cache=HIT`, `field source=cache`, `Age`, or `time`.
    package var visibleBy = Finding<String>()
    /// `latest` or `contains`.
    package var shape = Finding<String>()
    package var ttlSeconds = Finding<Double>()
    /// Whether reads prolong the life of an entry.
    package var slides = Finding<Bool>()
    /// Whether an expired entry is shown once more while it is refreshed.
    package var revalidates = Finding<Bool>()
    /// `per-user` or `shared`.
    package var scope = Finding<String>()
    /// Whether a user is shown another user's private data.
    package var leaks = Finding<Bool>()
    package var freshAfterWrite = Finding<Bool>()
    package var staleness = Finding<Staleness>()
    package var readYourWrites = Finding<Bool>()
    package var refillRace = Finding<Bool>()
    package var stampede = Finding<Stampede>()
    /// `accurate`, `too long`, `too short`, `no-store` (caches on the way must not keep it), or
    /// `absent`.
    package var cacheControl = Finding<String>()
    /// `accurate`, `wrong`, or `absent`.
    package var age = Finding<String>()
    /// `accurate`, `constant`, `304 after a change`, `ignored`, or `absent`.
    package var etag = Finding<String>()
    /// `accurate`, `undeclared`, `ignored`, or `unneeded`.
    package var vary = Finding<String>()

    package init() {}
}
