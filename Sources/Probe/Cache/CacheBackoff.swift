/// Waits for a limiter in front of the cache.
struct CacheBackoff: Sendable {
    /// When to send again.
    private(set) var until = 0.0
    /// How long it took until requests were admitted again, at most.
    private(set) var recovery = 0.0
    private var pause = shortest
    private var deniedSince: Double?

    private static let shortest = 0.5
    private static let longest = 30.0

    mutating func note(_ exchanges: [CacheExchange]) {
        let denied = exchanges.filter { $0.outcome == .denied }
        if let last = denied.map(\.received).max() {
            deniedSince = deniedSince ?? denied.map(\.sent).min()
            let promised = denied.compactMap(\.retryAfter).max()
            until = last + (promised ?? pause)
            if promised == nil { pause = min(2 * pause, Self.longest) }
        } else if let since = deniedSince, let admitted = exchanges.map(\.sent).min() {
            recovery = max(recovery, 1.05 * (admitted - since))
            deniedSince = nil
            pause = Self.shortest
        }
    }
}
