import DequeModule
import NIOCore

/// The fixed windows of many clients, as a pure value. A client's window opens with its first admitted request
/// and ends one window's length later, whatever was denied in between.
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

    /// - Parameter capacity: how many clients are kept. Past it the window that would end first is forgotten.
    package init(policy: RateLimitPolicy, capacity: Int = 200_000) {
        self.policy = policy
        self.capacity = capacity
    }

    package var count: Int { windows.count }

    package mutating func admit(_ key: String, now: NIODeadline) -> Admission {
        forgetEnded(now: now)
        var window: Window
        if let open = windows[key] {
            window = open
        } else {
            if windows.count >= capacity, let first = opened.popFirst() { windows[first] = nil }
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

    private mutating func forgetEnded(now: NIODeadline) {
        while let first = opened.first, let window = windows[first], window.ends <= now {
            opened.removeFirst()
            windows[first] = nil
        }
    }
}
