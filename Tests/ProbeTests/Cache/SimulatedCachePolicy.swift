/// What a simulated cache does.
struct SimulatedCachePolicy: Sendable, CustomStringConvertible {
    enum Visibility: String, CaseIterable, Sendable { case header, member, age, time, none }
    enum Life: String, CaseIterable, Sendable { case fixed, sliding, revalidating }
    enum Promise: String, CaseIterable, Sendable { case absent, right, wrong }
    enum Variation: String, CaseIterable, Sendable { case none, right, undeclared, ignored }

    /// Seconds; nil without a cache.
    var ttl: Double?
    var invalidates = true
    /// Whether a write removes only the writer's entry.
    var invalidatesOwnOnly = false
    var isPerUser = false
    /// Whether only the primary user may see the values.
    var isPrivate = false
    var isList = false
    var visibility = Visibility.header
    var life = Life.fixed
    /// Whether a slow read may store an old value after an invalidation.
    var races = false
    /// Whether concurrent reads wait for one fill.
    var locks = false
    var age = Promise.absent
    /// Whether a miss has `Age: 0`.
    var hasAgeOnMiss = false
    var maxAge = Promise.absent
    var etag = Promise.absent
    var variation = Variation.none
    /// Whether a limiter admits only 5 requests in 10 s.
    var isLimited = false
    /// Seconds until a write becomes visible at all, without a cache.
    var lag = 0.0
    /// Whether the first read after a write is slow without a cache.
    var isSlowAfterWrite = false

    var leaks: Bool { ttl != nil && isPrivate && !isPerUser }
    var isFresh: Bool {
        lag == 0 && (ttl == nil || (invalidates && !(invalidatesOwnOnly && isPerUser && !isPrivate)))
    }
    var showsOwnWrites: Bool { lag == 0 && (ttl == nil || invalidates) }
    var promisedLife: Int? {
        guard let ttl, maxAge != .absent else { return nil }
        return maxAge == .right ? Int(ttl) : 2 * Int(ttl) + 1
    }

    var description: String {
        guard let ttl else {
            return "no cache\(lag > 0 ? " lag \(lag)" : "")\(isSlowAfterWrite ? " slow after writes" : "")"
                + "\(isPrivate ? " private" : "")\(isLimited ? " limited" : "")"
        }
        var words = ["ttl \(Int(ttl))", visibility.rawValue, life.rawValue]
        words.append(invalidates ? (invalidatesOwnOnly ? "invalidates-own" : "invalidates") : "ttl-only")
        words += [isPerUser ? "per-user" : "shared", isPrivate ? "private" : "public", isList ? "list" : "latest"]
        for (flag, word) in [(races, "races"), (locks, "locks"), (isLimited, "limited"), (hasAgeOnMiss, "age-on-miss")]
        where flag { words.append(word) }
        words.append("age=\(age) max-age=\(maxAge) etag=\(etag) vary=\(variation)")
        return words.joined(separator: " ")
    }
}
