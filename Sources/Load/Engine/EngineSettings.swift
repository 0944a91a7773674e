/// How much load, for how long, and from where.
package struct EngineSettings: Equatable, Sendable {
    package var model = LoadModel.closed
    /// The maximum number of virtual users.
    package var virtualUsers = 32
    /// How many of them there are at the start, in the open model: arrivals that find none free create more. Nil for all.
    package var initialUsers: Int?
    /// Whether fewer virtual users will do if the limit on open files allows no more.
    package var mayReduceUsers = false
    /// How long is measured, after the warm-up.
    package var duration = Duration.seconds(10)
    /// How long responses to requests in flight are awaited after the measurement.
    package var grace = Duration.seconds(5)
    /// Time before the measurement whose results are left out.
    package var warmUp = Duration.zero
    /// How many requests are measured at most: the run ends early once they are answered. Nil for no limit.
    package var maximumRequests: Int?
    /// When the warm-up, or else the measurement, begins, in seconds since 1970-01-01T00:00:00Z. Nil for at once.
    package var startAt: Double?
    /// How long before something is due a thread stops sleeping and watches the clock, and in the closed model how long
    /// it watches its sockets before it sleeps: this costs a core and spares the time to wake a thread up.
    package var spin = Duration.zero
    /// Answers a second of one thread from which on wake-ups may be coalesced, in the closed model: see
    /// ``WakeupCoalescing``.
    package var coalescingRate = WakeupCoalescing.worthwhileRate
    /// Threads that make load; 0 for one a core. Never more than virtual users.
    package var threads = 0
    /// How long a connection may take to be made.
    package var connectTimeout = Duration.seconds(10)
    /// Time between the first connections of two virtual users.
    package var rampStep = Duration.microseconds(100)
    package var sources = SourceAddresses.shared
    /// Bytes of a response's head at most.
    package var headLimit = 64 * 1024

    /// How often a thread looks at timeouts and at the stop flag, at least.
    static var heartbeat: Nanoseconds { 20_000_000 }

    /// Virtual users, and addresses of their own, at most.
    package static var mostUsers: Int { 1_000_000 }
    package static var mostAddresses: Int { 16_000_000 }

    package init() {}

    /// How many virtual users there are at the start.
    var usersAtStart: Int {
        guard model.isOpen, let initialUsers else { return virtualUsers }
        return min(initialUsers, virtualUsers)
    }

    /// - Parameter body: bytes of a response's body at most.
    func responseLimits(body: Int) -> ResponseParser.Limits {
        var limits = ResponseParser.Limits()
        limits.head = headLimit
        limits.body = body
        return limits
    }
}
