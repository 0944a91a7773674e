import NIOCore
import Synchronization

/// Counts in this process's memory: exact for one instance.
package final class EmbeddedRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    private let windows: Mutex<FixedWindows>

    package init(bucket: RateLimitBucket) {
        self.bucket = bucket
        self.windows = Mutex(FixedWindows(policy: bucket.policy))
    }

    package func admit(_ client: ClientAddress) async -> Admission {
        windows.withLock { $0.admit(client, now: .now()) }
    }
}
