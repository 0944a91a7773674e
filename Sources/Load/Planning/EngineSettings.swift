import Histogram

/// How much load to make, for how long, and from which addresses.
package struct EngineSettings: Equatable, Sendable {
    package var model = LoadModel.closed
    /// The maximum number of virtual users.
    package var virtualUsers = 32
    /// The initial number of virtual users in the open model; arrivals that find none free create more. Nil for all.
    package var initialUsers: Int?
    /// Whether fewer virtual users are acceptable if the limit on open files does not allow all.
    package var mayReduceUsers = false
    /// Length of the measurement, after the warm-up.
    package var duration = Duration.seconds(10)
    /// How long to wait after the measurement for responses to requests in flight.
    package var grace = Duration.seconds(5)
    /// Time before the measurement whose results are discarded.
    package var warmUp = Duration.zero
    /// The maximum number of requests to measure. The run ends early once they have responses. Nil for no limit.
    package var maximumRequests: Int?
    /// When the warm-up begins, or without one the measurement, in seconds since 1970-01-01T00:00:00Z. Nil for
    /// immediately.
    package var startAt: Double?
    /// How long a thread busy-waits: before something is due, or in the closed model on its sockets before it sleeps.
    /// Uses a whole core and avoids the time to wake a thread.
    package var spin = Duration.zero
    /// Responses per second of one thread from which wake-up batching is tried, in the closed model. Nil turns it off.
    /// See ``WakeUpBatching``.
    package var batchingRate: Double?
    /// Threads that make load; 0 for one per core. Never more than virtual users.
    package var threads = 0
    /// The maximum time for a connection to be made.
    package var connectTimeout = Duration.seconds(10)
    /// Time between opening the first connections of consecutive virtual users.
    package var rampStep = Duration.microseconds(100)
    package var sources = SourceAddresses.shared
    /// The maximum size of a response's head, in bytes.
    package var headLimit = 64 * 1024
    /// Significant digits of the recorded times. Simulations record fewer, which takes less time.
    var digits = SignificantDigits.three
    /// How many verdicts a thread remembers, a power of two. Simulations remember fewer, which takes less time.
    var rememberedVerdicts = 4096

    /// The longest interval at which a thread checks timeouts and the stop flag.
    static var heartbeat: Nanoseconds { 20_000_000 }

    /// The maximum numbers of virtual users and of source addresses.
    package static var mostUsers: Int { 1_000_000 }
    package static var mostAddresses: Int { 16_000_000 }

    package init() {}

    /// The number of virtual users at the start.
    var usersAtStart: Int {
        guard model.isOpen, let initialUsers else { return virtualUsers }
        return min(initialUsers, virtualUsers)
    }

    /// - Parameter body: the maximum size of a response's body, in bytes.
    func responseLimits(body: Int) -> ResponseParser.Limits {
        var limits = ResponseParser.Limits()
        limits.head = headLimit
        limits.body = body
        return limits
    }
}
