import DequeModule
import NIOCore

/// The sliding windows of many clients, as a value. No interval of one window length ever admits more than the limit.
///
/// Every admission is stored until it expires. When there is no room for another, it counts in a coarse counter that
/// clients share. No client gets more than the limit.
package struct SlidingWindows: RateLimitTable {
    private struct Entry {
        var key: String
        var time: NIODeadline
    }

    private let policy: RateLimitPolicy
    private let capacity: Int
    private var admissions: [String: Deque<NIODeadline>] = [:]
    /// All admissions, oldest first. They expire in this order.
    private var order = Deque<Entry>()
    private var coarse: CoarseWindows

    /// - Parameters:
    ///   - capacity: the number of admissions stored.
    ///   - counters: the number of shared counters for further admissions.
    package init(policy: RateLimitPolicy, capacity: Int = 1_000_000, counters: Int = 16_384) {
        self.policy = policy
        self.capacity = capacity
        coarse = CoarseWindows(policy: policy, counters: counters)
    }

    package var count: Int { order.count }

    package mutating func admit(_ key: String, now: NIODeadline) -> Admission {
        let window = TimeAmount.milliseconds(policy.windowMilliseconds)
        while let oldest = order.first, oldest.time + window <= now { forgetOldest() }
        let counted = admissions[key]?.count ?? 0
        let oldest = admissions[key]?.first
        // Any of the shared counter's admissions may be this client's, so all of them count.
        let shared = coarse.state(of: key, now: now)
        let resets = [
            oldest.map { ($0 + window - now).nanoseconds.roundedUpToMilliseconds }, shared?.resetMilliseconds,
        ]
        let admission = Admission(
            count: counted + (shared?.count ?? 0) + 1, policy: policy,
            resetMilliseconds: resets.compactMap(\.self).min() ?? policy.windowMilliseconds)
        guard admission.isAdmitted else { return admission }
        if order.count < capacity {
            admissions[key, default: []].append(now)
            order.append(Entry(key: key, time: now))
        } else {
            coarse.count(key, now: now)
        }
        return admission
    }

    private mutating func forgetOldest() {
        guard let oldest = order.popFirst() else { return }
        admissions[oldest.key]?.removeFirst()
        if admissions[oldest.key]?.isEmpty == true { admissions[oldest.key] = nil }
    }
}
