/// What to do next, chosen from what is known so far.
package enum CacheExperiment: Equatable, Sendable {
    /// Wait until this instant, in seconds since the probe began.
    case wait(until: Double)
    /// Send requests.
    case send(CacheVolley)
    /// Enough is known, or the budget is spent.
    case finish
}

/// Requests to send.
package struct CacheVolley: Equatable, Sendable {
    package var requests: [CacheRequest]
    /// Whether to send each at its offset without waiting for responses. Otherwise each follows the response before it.
    package var isTogether: Bool
}

/// One request of a volley.
package struct CacheRequest: Equatable, Sendable {
    package var action: CacheAction
    /// Whose credentials to send. 0 is the primary user.
    package var user = 0
    /// Seconds after the volley begins. Only for requests sent together.
    package var offset = 0.0
}

/// What a request does.
package enum CacheAction: Hashable, Sendable {
    /// Write a new unique value. The numbers begin with 1 and increase; some may be left out.
    case write(Int)
    case read
    /// A read with `If-None-Match`.
    case conditionalRead(etag: String)
    /// A read with another value in a header field. The number is an index into ``CacheProbeOptions/variedFields``.
    case variedRead(Int)
}
