@testable import Load

/// The behaviour of a simulated server. Times are nanoseconds, and every choice comes from the run's seed.
struct SimulatedServer {
    /// What happens to a request.
    enum Treatment {
        /// A response after `after` nanoseconds of work, sent in pieces that are `every` nanoseconds apart.
        case respond(
            after: Nanoseconds, status: Int = 200, body: String = "{}", pieces: Int = 1, every: Nanoseconds = 0)
        /// A response, then the end of the connection, with or without `Connection: close`.
        case respondAndClose(after: Nanoseconds, isAnnounced: Bool)
        case reset(after: Nanoseconds)
        /// The connection ends without a byte of a response.
        case close(after: Nanoseconds)
        /// The connection ends in the middle of the response.
        case truncate(after: Nanoseconds)
        /// No response, ever.
        case ignore
    }

    enum Greeting {
        case accept(after: Nanoseconds)
        case refuse(after: Nanoseconds)
        /// The connection is never established.
        case ignore
    }

    /// The properties of a request that its treatment may depend on.
    struct Request {
        /// Its number among all requests that reached the server, from 0.
        var number: Int
        /// When it reached the server, relative to the run's start.
        var time: Nanoseconds
        /// The slot of the connection that sent it.
        var slot: Int
        /// Head and body.
        var bytes: [UInt8]
    }

    var treat: (Request, inout SplitMix64) -> Treatment = { _, _ in .respond(after: 1_000_000) }
    /// - Parameter number: the connection's number, from 0.
    var greet: (_ number: Int, inout SplitMix64) -> Greeting = { _, _ in .accept(after: 100_000) }
    /// The maximum number of requests served at the same time; the others wait in order of arrival.
    var concurrency = Int.max
    /// The times at which the server stalls, relative to the run's start.
    var standstills: [Range<Nanoseconds>] = []
    /// The network latency in each direction.
    var latency: Nanoseconds = 20_000
    /// The duration of a TLS handshake; nil without TLS.
    var handshake: Nanoseconds?

    /// When work that begins at `start` ends.
    func end(of work: Nanoseconds, from start: Nanoseconds) -> Nanoseconds {
        var (start, work) = (start, work)
        for standstill in standstills where standstill.upperBound > start {
            if start + work <= standstill.lowerBound { break }
            work -= standstill.lowerBound > start ? standstill.lowerBound - start : 0
            start = standstill.upperBound
        }
        return start + work
    }
}

/// The costs of the generator's own thread, in nanoseconds; zero by default.
struct SimulatedGenerator {
    /// The times at which its thread does not run, relative to the run's start.
    var stalls: [Range<Nanoseconds>] = []
    /// The time from the end of a wait until the thread runs.
    var wakeup: Nanoseconds = 0
    var costOfReceive: Nanoseconds = 0
    var costOfSend: Nanoseconds = 0
    /// The cost of the last step of a TLS handshake.
    var costOfHandshake: Nanoseconds = 0
    /// The cost of writing a request in ``SimulatedRenderer``.
    var costOfRendering: Nanoseconds = 0
    /// The cost of a poll that finds nothing. Not zero, or a thread that watches its sockets would stop time.
    var costOfPoll: Nanoseconds = 500
    /// One of `sampling` slots has timestamps on its responses.
    var sampling = 1
}
