/// What to do next, chosen from what is known so far.
package enum Experiment: Equatable, Sendable {
    /// Wait until this instant, in seconds since the probe began.
    case wait(until: Double)
    /// Send requests.
    case send(Volley)
    /// Enough is known, or the budget is spent.
    case finish
}

/// Requests to send.
package struct Volley: Equatable, Sendable {
    /// Whose requests they are.
    package var client: ProbeClient
    package var count: Int
    /// The most requests in flight at the same time. With more than one, the first of them are sent together.
    package var concurrency: Int
    /// Whether to stop after the first denial. Only for requests sent one after another.
    package var stopsAtDenial: Bool
}

/// Who sends a request, or how it differs from the one under test. Variants are numbered from 0.
package enum ProbeClient: Hashable, Sendable {
    case primary
    /// Another source address.
    case address(Int)
    /// Another user or API key.
    case credential(Int)
    /// Another path.
    case route(Int)
    case method(Int)
    /// The same address, with another one in a forwarding header.
    case forwarded(Int)
    /// Another instance of the server.
    case instance(Int)
    /// A request that the server rejects with 4xx because it is not valid.
    case malformed(Int)
    /// A request without valid credentials.
    case unauthenticated(Int)
}
