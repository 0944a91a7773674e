import DequeModule
import NIOCore

/// The fixed windows of many clients, as a pure value. A client's window opens with its first admitted request
/// and ends one window's length later, whatever was denied in between.
package struct FixedWindows {
    private struct Window {
        var count: Int
        var ends: NIODeadline
    }

    private let policy: RateLimitPolicy
    private let capacity: Int
    private var windows: [ClientAddress: Window] = [:]
    /// Clients by the opening of their windows, which is the order of their ends too.
    private var opened = Deque<ClientAddress>()

    /// - Parameter capacity: how many clients are kept. Past it the window that would end first is forgotten.
    package init(policy: RateLimitPolicy, capacity: Int = 200_000) {
        self.policy = policy
        self.capacity = capacity
    }

    package var count: Int { windows.count }

    package mutating func admit(_ client: ClientAddress, now: NIODeadline) -> Admission {
        forgetEnded(now: now)
        var window: Window
        if let open = windows[client] {
            window = open
        } else {
            if windows.count >= capacity, let first = opened.popFirst() { windows[first] = nil }
            window = Window(count: 0, ends: now + .milliseconds(policy.windowMilliseconds))
            opened.append(client)
        }
        let admission = Admission(
            count: window.count + 1, policy: policy,
            resetMilliseconds: (window.ends - now).nanoseconds.roundedUpToMilliseconds)
        if admission.isAdmitted {
            window.count += 1
            windows[client] = window
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

extension Int64 {
    fileprivate var roundedUpToMilliseconds: Int64 { (self + 999_999) / 1_000_000 }
}
