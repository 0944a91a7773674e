@testable import Load

/// How a simulated server behaves: the times are nanoseconds, and every choice comes from the run's seed.
struct SimulatedServer {
    /// What happens to a request.
    enum Treatment {
        /// A response with this status and body, `after` it began to be served; in pieces `every` so often.
        case respond(
            after: Nanoseconds, status: Int = 200, body: String = "{}", pieces: Int = 1, every: Nanoseconds = 0)
        /// A response, then the end of the connection, announced by `Connection: close` or not.
        case respondAndClose(after: Nanoseconds, isAnnounced: Bool)
        case reset(after: Nanoseconds)
        /// The connection ends without a byte of a response.
        case close(after: Nanoseconds)
        /// The connection ends in the middle of the response.
        case truncate(after: Nanoseconds)
        /// There is never a response.
        case ignore
    }

    enum Greeting {
        case accept(after: Nanoseconds)
        case refuse(after: Nanoseconds)
        /// The connection is never made.
        case ignore
    }

    /// What a treatment may depend on.
    struct Request {
        /// Counts all requests that reached the server, from 0 on.
        var number: Int
        /// When it reached the server, since the run's start.
        var time: Nanoseconds
    }

    var treat: (Request, inout SplitMix64) -> Treatment = { _, _ in .respond(after: 1_000_000) }
    /// - Parameter number: counts connections from 0 on.
    var greet: (_ number: Int, inout SplitMix64) -> Greeting = { _, _ in .accept(after: 100_000) }
    /// How many requests are served at the same time; the others wait in the order in which they came.
    var concurrency = Int.max
    /// When it does nothing, since the run's start.
    var standstills: [Range<Nanoseconds>] = []
    /// How long a message takes, either way.
    var latency: Nanoseconds = 20_000
    /// How long a TLS handshake takes; nil without TLS.
    var handshake: Nanoseconds?

    /// When work that begins at `start` is done.
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

/// What the generator's own thread costs, in nanoseconds; nothing by default.
struct SimulatedGenerator {
    /// When its thread does not run, since the run's start.
    var stalls: [Range<Nanoseconds>] = []
    /// From the end of a wait until the thread runs.
    var wakeup: Nanoseconds = 0
    var costOfReceive: Nanoseconds = 0
    var costOfSend: Nanoseconds = 0
    /// The last step of a TLS handshake.
    var costOfHandshake: Nanoseconds = 0
    /// What ``SimulatedRenderer`` takes to write a request.
    var costOfRendering: Nanoseconds = 0
    /// A poll that finds nothing; never zero, or a thread that watches its sockets would stop the time.
    var costOfPoll: Nanoseconds = 500
    /// One slot in so many has its responses timestamped.
    var sampling = 1
}
