import DequeModule
import NIOCore

/// The fixed windows of many clients, as a pure value. A client's window opens with its first admitted request
/// and ends one window's length later, whatever was denied in between.
///
/// Where there is no room for another client's window, clients share coarse counters: nobody gets more than the limit.
package struct FixedWindows: RateLimitTable {
    private struct Window {
        var count: Int
        var ends: NIODeadline
    }

    private let policy: RateLimitPolicy
    private let capacity: Int
    private var windows: [String: Window] = [:]
    /// Clients by the opening of their windows, which is the order of their ends too.
    private var opened = Deque<String>()
    private var coarse: CoarseWindows

    /// - Parameters:
    ///   - capacity: how many clients have windows of their own.
    ///   - counters: how many counters the others share.
    package init(policy: RateLimitPolicy, capacity: Int = 200_000, counters: Int = 16_384) {
        self.policy = policy
        self.capacity = capacity
        coarse = CoarseWindows(policy: policy, counters: counters)
    }

    package var count: Int { windows.count }

    package mutating func admit(_ key: String, now: NIODeadline) -> Admission {
        forgetEnded(now: now)
        var window: Window
        if let open = windows[key] {
            window = open
        } else {
            // While the shared counter has admissions, some of them may be this client's: it stays there.
            let shared = coarse.state(of: key, now: now)
            guard shared == nil, windows.count < capacity else { return share(key, shared, now: now) }
            window = Window(count: 0, ends: now + .milliseconds(policy.windowMilliseconds))
            opened.append(key)
        }
        let admission = Admission(
            count: window.count + 1, policy: policy,
            resetMilliseconds: (window.ends - now).nanoseconds.roundedUpToMilliseconds)
        if admission.isAdmitted {
            window.count += 1
            windows[key] = window
        }
        return admission
    }

    private mutating func share(_ key: String, _ state: CoarseWindows.State?, now: NIODeadline) -> Admission {
        let admission = Admission(
            count: (state?.count ?? 0) + 1, policy: policy,
            resetMilliseconds: state?.resetMilliseconds ?? policy.windowMilliseconds)
        if admission.isAdmitted { coarse.count(key, now: now) }
        return admission
    }

    private mutating func forgetEnded(now: NIODeadline) {
        while let first = opened.first, let window = windows[first], window.ends <= now {
            opened.removeFirst()
            windows[first] = nil
        }
    }
}
