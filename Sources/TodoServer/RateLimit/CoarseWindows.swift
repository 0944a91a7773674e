import NIOCore

/// Counters that many clients share, used when the table has no room for another client. A value of fixed size.
///
/// A client's counter is chosen by a hash of its key's coarse form, so a client always uses the same counter. A counter
/// never admits more than the limit within one window length. A client therefore never gets more than it would with a
/// counter of its own. It may get less, because others use its counter too.
struct CoarseWindows: Sendable {
    /// Admissions in the current period and in the one before it. An interval of one period's length overlaps at most
    /// two successive periods, so their sum is kept within the limit.
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

    /// The current state of a client's counter.
    struct State: Equatable {
        /// Admissions in the current and previous period.
        var count: Int
        /// Milliseconds until `count` decreases.
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

    /// Nil if the client's counter is zero.
    mutating func state(of key: String, now: NIODeadline) -> State? {
        let period = now.uptimeNanoseconds / window
        guard let lastPeriod, period <= lastPeriod + 1 else { return nil }
        let index = index(of: key)
        counters[index].advance(to: period)
        let counter = counters[index]
        guard counter.current + counter.previous > 0 else { return nil }
        // The previous period stops counting when the current one ends; the current one, a period later.
        let end = (period + (counter.previous > 0 ? 1 : 2)) * window
        return State(
            count: counter.current + counter.previous,
            resetMilliseconds: Int64(end - now.uptimeNanoseconds).roundedUpToMilliseconds)
    }

    /// Records an admission.
    mutating func count(_ key: String, now: NIODeadline) {
        if counters.isEmpty { counters = Array(repeating: Counter(), count: counterCount) }
        let period = now.uptimeNanoseconds / window
        let index = index(of: key)
        counters[index].advance(to: period)
        counters[index].current += 1
        lastPeriod = period
    }

    /// `Hasher` is seeded per process, so an attacker cannot pick keys that share a counter with a victim's.
    private func index(of key: String) -> Int {
        var hasher = Hasher()
        hasher.combine(RateLimitKey.coarse(key))
        return Int(UInt(bitPattern: hasher.finalize()) % UInt(counterCount))
    }
}
