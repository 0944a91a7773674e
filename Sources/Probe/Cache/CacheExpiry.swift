/// Bounds on the TTL, from reads at known ages.
struct CacheExpiry: Equatable, Sendable {
    /// Ages in seconds at which a single read showed an entry alive, and at which one had expired.
    private(set) var alive: [Double] = []
    private(set) var expired: [Double] = []
    /// The greatest age at which one of several reads showed the entry alive. Such reads may have prolonged its life.
    private(set) var polledAlive: Double?
    /// Entries whose first read after expiry showed the new value, and whose second did.
    private(set) var direct = 0
    private(set) var turned = 0
    /// Ages at which an entry was shown that the next read no longer showed.
    private(set) var shownOnce: [Double] = []

    enum Outcome: Equatable, Sendable {
        case alive, expired
        /// Shown once more, and then replaced.
        case turned
    }

    /// - Parameters:
    ///   - least: the least age that the entry can have had.
    ///   - most: the greatest age that it can have had when the response showed the outcome.
    mutating func add(_ outcome: Outcome, least: Double, most: Double) {
        switch outcome {
        case .alive: alive.append(least)
        case .expired:
            expired.append(most)
            direct += 1
        case .turned:
            expired.append(most)
            shownOnce.append(least)
            turned += 1
        }
    }

    /// Several reads cannot tell whether the last of them or the one before caused the refresh.
    mutating func addPolledExpired(_ age: Double) { expired.append(age) }

    mutating func addPolledAlive(_ age: Double) { polledAlive = max(polledAlive ?? age, age) }

    /// The greatest age at which an entry is known to have been alive.
    ///
    /// Entries that were shown once more were alive if they are not kept for that.
    var low: Double? { (alive + (isRevalidating == false ? shownOnce : [])).max() }
    var high: Double? { expired.min() }

    /// Servers' timers are not exact.
    private static let tolerance = 0.02

    /// Whether the bounds contradict each other.
    var isContradictory: Bool {
        guard let low, let high else { return false }
        return low > high * (1 + Self.tolerance)
    }

    /// Whether expired entries are shown once more while they are refreshed; nil if it is not known.
    var isRevalidating: Bool? {
        guard let high else { return nil }
        let late = shownOnce.count { $0 > high * 1.05 }
        if turned >= 3, direct == 0, late >= 1 { return true }
        return direct >= 2 && late == 0 ? false : nil
    }

    /// Whether nothing suggests that expired entries are shown once more.
    var isReplacedAtOnce: Bool { direct > 0 && (turned == 0 || isRevalidating == false) }

    /// Whether the bounds are close enough.
    func isKnown(within resolution: Double) -> Bool {
        guard let low, let high else { return false }
        return high - low <= max(0.04 * high, resolution)
    }
}
