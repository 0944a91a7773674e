import NIOCore

/// Counters that many clients share, for when there is no room to count each client on its own: a pure value of
/// fixed size.
///
/// A client's counter is chosen by a hash of its key's coarse form, so a client always meets the same counter. In no
/// stretch of one window's length does a counter admit more than the limit. So a client never gets more than it would
/// on its own. It may get less, because others use its counter too.
struct CoarseWindows: Sendable {
    /// Admissions of the current period and of the one before it. A stretch of one period's length touches at most two
    /// successive periods, so both together stay within the limit.
    private struct Counter {
        var period: UInt64 = 0
        var current = 0
        var previous = 0

        mutating func advance(to period: UInt64) {
            guard period != self.period else { return }
            previous = period == self.period + 1 ? current : 0
            current = 0
            self.period = period
        }
    }

    /// The state of a client's counter.
    struct State: Equatable {
        /// The admissions that count.
        var count: Int
        /// Milliseconds until fewer count.
        var resetMilliseconds: Int64
    }

    /// Nanoseconds.
    private let window: UInt64
    private let counterCount: Int
    /// Empty until the first request needs one.
    private var counters: [Counter] = []
    private var lastPeriod: UInt64?

    init(policy: RateLimitPolicy, counters: Int) {
        window = UInt64(policy.windowMilliseconds) * 1_000_000
        counterCount = counters
    }

    /// Nil where no counter has admissions that count.
    mutating func state(of key: String, now: NIODeadline) -> State? {
        let period = now.uptimeNanoseconds / window
        guard let lastPeriod, period <= lastPeriod + 1 else { return nil }
        let index = index(of: key)
        counters[index].advance(to: period)
        let counter = counters[index]
        guard counter.current + counter.previous > 0 else { return nil }
        // The previous period stops counting when the current one ends, the current one a period later.
        let end = (period + (counter.previous > 0 ? 1 : 2)) * window
        return State(
            count: counter.current + counter.previous,
            resetMilliseconds: Int64(end - now.uptimeNanoseconds).roundedUpToMilliseconds)
    }

    /// Counts an admission.
    mutating func count(_ key: String, now: NIODeadline) {
        if counters.isEmpty { counters = Array(repeating: Counter(), count: counterCount) }
        let period = now.uptimeNanoseconds / window
        let index = index(of: key)
        counters[index].advance(to: period)
        counters[index].current += 1
        lastPeriod = period
    }

    /// `Hasher` has a secret of this process: nobody can choose keys that share a counter with a victim's.
    private func index(of key: String) -> Int {
        var hasher = Hasher()
        hasher.combine(RateLimitKey.coarse(key))
        return Int(UInt(bitPattern: hasher.finalize()) % UInt(counterCount))
    }
}
