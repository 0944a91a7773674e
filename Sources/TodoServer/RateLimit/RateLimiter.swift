/// Counts the requests of each client against one bucket.
package protocol RateLimiter: Sendable {
    var bucket: RateLimitBucket { get }

    /// Counts a request and decides whether to admit it. A denied one does not count and does not extend the window.
    /// - Parameter key: identifies the client.
    func admit(_ key: String) async -> Admission
}
