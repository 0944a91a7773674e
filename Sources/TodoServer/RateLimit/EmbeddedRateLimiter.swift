import NIOCore
import Synchronization

/// Counts in this process's memory. Exact for a single instance.
package final class EmbeddedRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    private let table: Mutex<any RateLimitTable>

    package init(bucket: RateLimitBucket) {
        self.bucket = bucket
        switch bucket.policy.kind {
        case .fixedWindow: table = Mutex(FixedWindows(policy: bucket.policy))
        case .slidingWindow: table = Mutex(SlidingWindows(policy: bucket.policy))
        }
    }

    package func admit(_ key: String) async -> Admission {
        table.withLock { $0.admit(key, now: .now()) }
    }
}
