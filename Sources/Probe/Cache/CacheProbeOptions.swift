/// What the probe of a cache may spend, and what it can vary.
package struct CacheProbeOptions: Sendable {
    /// The most requests to send.
    package var requests: Int
    /// The most seconds to take.
    package var seconds: Double
    /// The number of users whose credentials are available, the primary one included.
    package var users = 1
    /// The most requests in flight at the same time.
    package var concurrency = 16
    /// The names of header fields for which the driver can send another value.
    package var variedFields: [String] = []

    package init(requests: Int, seconds: Double) {
        self.requests = requests
        self.seconds = seconds
    }
}
