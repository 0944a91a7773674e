import DequeModule
import NIOCore

/// The sliding windows of many clients, as a pure value: in no stretch of one window's length is more admitted than
/// the limit. Every admission is remembered for as long as it counts.
package struct SlidingWindows: RateLimitTable {
    private struct Entry {
        var key: String
        var time: NIODeadline
    }

    private let policy: RateLimitPolicy
    private let capacity: Int
    private var admissions: [String: Deque<NIODeadline>] = [:]
    /// All admissions, which is the order in which they cease to count too.
    private var order = Deque<Entry>()

    /// - Parameter capacity: how many admissions are kept. Past it the oldest is forgotten.
    package init(policy: RateLimitPolicy, capacity: Int = 1_000_000) {
        self.policy = policy
        self.capacity = capacity
    }

    package var count: Int { order.count }

    package mutating func admit(_ key: String, now: NIODeadline) -> Admission {
        let window = TimeAmount.milliseconds(policy.windowMilliseconds)
        while let oldest = order.first, oldest.time + window <= now { forgetOldest() }
        let counted = admissions[key]?.count ?? 0
        let opened = admissions[key]?.first ?? now
        let admission = Admission(
            count: counted + 1, policy: policy,
            resetMilliseconds: (opened + window - now).nanoseconds.roundedUpToMilliseconds)
        if admission.isAdmitted {
            if order.count >= capacity { forgetOldest() }
            admissions[key, default: []].append(now)
            order.append(Entry(key: key, time: now))
        }
        return admission
    }

    private mutating func forgetOldest() {
        guard let oldest = order.popFirst() else { return }
        admissions[oldest.key]?.removeFirst()
        if admissions[oldest.key]?.isEmpty == true { admissions[oldest.key] = nil }
    }
}
