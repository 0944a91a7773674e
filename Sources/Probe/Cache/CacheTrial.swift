/// An experiment, and what came of it.
struct CacheTrial: Sendable {
    enum Kind: Equatable, Sendable {
        /// Write, then read.
        case freshness
        /// Read at growing ages of an entry until it has expired.
        case poll
        /// Read once at some age of an entry.
        case age
        /// Read an entry early, and again after it should have expired.
        case sliding
        /// Write late in the life of an entry, and read after it should have expired.
        case delayedWrite
        /// Another user reads what the primary user has filled.
        case exposure
        /// Another user reads before the primary user.
        case solo
        /// Read while a write is under way.
        case race
        /// Many reads of an empty cache at the same time.
        case stampede
        case validation
        /// A varied read after a plain one, or before it.
        case variation(Int, isFirst: Bool)
    }

    /// The part that a read plays.
    enum Role: Equatable, Sendable {
        case before, fill, first, repeated, late, poll, early, test, followUp, other, after, racing, conditional
        case conditionalAfterChange, varied
    }

    let kind: Kind
    private(set) var reads: [(role: Role, sighting: CacheSighting)] = []
    /// All exchanges, with conditional reads and writes.
    private(set) var exchanges: [(role: Role, exchange: CacheExchange)] = []
    /// The read that filled the cache.
    var fill: CacheSighting?
    /// When the fill may have begun: with background refreshes, before the read that first showed it.
    var fillStart: Double?
    /// Whether a request failed or was denied, so that the experiment shows nothing.
    var isVoid = false

    init(_ kind: Kind) { self.kind = kind }

    mutating func note(_ role: Role, _ exchange: CacheExchange, _ sighting: CacheSighting?) {
        exchanges.append((role, exchange))
        if let sighting { reads.append((role, sighting)) }
    }

    func sightings(_ role: Role) -> [CacheSighting] { reads.filter { $0.role == role }.map(\.sighting) }
    func sighting(_ role: Role) -> CacheSighting? { reads.first { $0.role == role }?.sighting }
}
