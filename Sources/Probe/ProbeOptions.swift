/// What the probe may spend, and what it can vary.
package struct ProbeOptions: Sendable {
    /// The most requests to send.
    package var requests: Int
    /// The most seconds to take.
    package var seconds: Double
    /// The most requests in flight at the same time.
    package var concurrency = 64
    /// The variants of the request with which to find the key. Each is tried once the primary client is denied.
    package var variants: [ProbeClient] = []

    package init(requests: Int, seconds: Double) {
        self.requests = requests
        self.seconds = seconds
    }
}
