import DequeModule
import NIOCore

/// The fixed windows of many clients, as a value. A client's window opens with its first admitted request and ends one
/// window length later; denied requests do not extend it.
///
/// When there is no room for another window, further clients share coarse counters. No client gets more than the limit.
package struct FixedWindows: RateLimitTable {
    private struct Window {
        var count: Int
        var ends: NIODeadline
    }

    private let policy: RateLimitPolicy
    private let capacity: Int
    private var windows: [String: Window] = [:]
    /// Clients in the order in which their windows opened, which is also the order in which they end.
    private var opened = Deque<(key: String, ends: NIODeadline)>()
    private var coarse: CoarseWindows

    /// - Parameters:
    ///   - capacity: the number of clients with a window of their own.
    ///   - counters: the number of counters that the other clients share.
    package init(policy: RateLimitPolicy, capacity: Int = 200_000, counters: Int = 16_384) {
        self.policy = policy
        self.capacity = capacity
        coarse = CoarseWindows(policy: policy, counters: counters)
    }

    package var count: Int { windows.count }

    package mutating func admit(_ key: String, now: NIODeadline) -> Admission {
        forgetEnded(now: now)
        if let index = windows.index(forKey: key) {
            let admission = admission(to: windows.values[index], now: now)
            if admission.isAdmitted { windows.values[index].count += 1 }
            return admission
        }
        // The shared counter's admissions may include this client's, so the client keeps using that counter.
        let shared = coarse.state(of: key, now: now)
        guard shared == nil, windows.count < capacity else { return share(key, shared, now: now) }
        var window = Window(count: 0, ends: now + .milliseconds(policy.windowMilliseconds))
        let admission = admission(to: window, now: now)
        // Every policy admits at least one request.
        window.count = 1
        windows[key] = window
        opened.append((key, window.ends))
        return admission
    }

    private func admission(to window: Window, now: NIODeadline) -> Admission {
        Admission(
            count: window.count + 1, policy: policy,
            resetMilliseconds: (window.ends - now).nanoseconds.roundedUpToMilliseconds)
    }

    private mutating func share(_ key: String, _ state: CoarseWindows.State?, now: NIODeadline) -> Admission {
        let admission = Admission(
            count: (state?.count ?? 0) + 1, policy: policy,
            resetMilliseconds: state?.resetMilliseconds ?? policy.windowMilliseconds)
        if admission.isAdmitted { coarse.count(key, now: now) }
        return admission
    }

    private mutating func forgetEnded(now: NIODeadline) {
        while let first = opened.first, first.ends <= now {
            opened.removeFirst()
            windows[first.key] = nil
        }
    }
}
