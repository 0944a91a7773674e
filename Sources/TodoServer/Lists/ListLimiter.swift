/// A limiter that also looks up the list for an admitted request. It is where the rate limit and the cache meet: neither
/// knows the other.
package protocol ListLimiter: RateLimiter {
    /// - Parameter key: identifies the client.
    /// - Returns: the decision, and the lookup if the request is admitted.
    func admit(_ key: String, toListOf user: User.ID) async -> (Admission, CacheLookup?)
}
