import NIOCore
import Synchronization

@testable import TodoServer

/// A counter per client, with a typical mistake.
final class FaultyLimiter: RateLimiter {
    enum Mistake: Sendable {
        /// Reads the count and writes it back a moment later, without a lock.
        case race
        case deniedProlong
        case admittedProlong
        /// Counts denied requests as well.
        case deniedCount
        /// The counter never expires.
        case noExpiry
        /// Correct by itself; faults use `refund` to leave requests uncounted.
        case refunds
    }

    private struct Window {
        var count = 0
        var ends: NIODeadline
    }

    let bucket: RateLimitBucket
    private let mistake: Mistake
    private let windows = Mutex<[String: Window]>([:])

    init(_ bucket: RateLimitBucket, _ mistake: Mistake) {
        self.bucket = bucket
        self.mistake = mistake
    }

    private var length: TimeAmount { .milliseconds(bucket.policy.windowMilliseconds) }

    func admit(_ key: String) async -> Admission {
        let now = NIODeadline.now()
        guard mistake == .race else {
            return windows.withLock { windows in
                var window = current(windows[key], now)
                defer { windows[key] = window }
                return decide(&window, now)
            }
        }
        var window = windows.withLock { current($0[key], now) }
        try? await Task.sleep(for: .milliseconds(2))
        let admission = decide(&window, now)
        let changed = window
        windows.withLock { $0[key] = changed }
        return admission
    }

    private func current(_ window: Window?, _ now: NIODeadline) -> Window {
        guard let window, window.ends > now || mistake == .noExpiry else { return Window(ends: now + length) }
        return window
    }

    private func decide(_ window: inout Window, _ now: NIODeadline) -> Admission {
        let isAdmitted = window.count < bucket.policy.limit
        if isAdmitted || mistake == .deniedCount { window.count += 1 }
        if mistake == (isAdmitted ? .admittedProlong : .deniedProlong) || mistake == .deniedCount {
            window.ends = now + length
        }
        return Admission(
            isAdmitted: isAdmitted, remaining: max(0, bucket.policy.limit - window.count),
            resetMilliseconds: max(1, (window.ends - now).nanoseconds / 1_000_000))
    }

    func refund(_ key: String) { windows.withLock { $0[key]?.count -= 1 } }
}

/// A limiter that enforces another policy than it reports.
struct LyingLimiter: RateLimiter {
    let bucket: RateLimitBucket
    let inner: EmbeddedRateLimiter

    init(_ bucket: RateLimitBucket, really policy: RateLimitPolicy) {
        self.bucket = bucket
        var lying = bucket
        lying.policy = policy
        inner = EmbeddedRateLimiter(bucket: lying)
    }

    func admit(_ key: String) async -> Admission { await inner.admit(key) }
}
