import Histogram

/// The result of a load run: a pure value from which every report is made. Times are nanoseconds.
package struct LoadResult: Equatable, Sendable {
    package var name: String
    /// The server's address, numeric.
    package var target: String
    package var model: ModelSummary
    /// Seconds since 1970-01-01T00:00:00Z.
    package var startedAt: Double
    package var virtualUsers: Int
    /// The maximum number of requests to measure; nil for no limit.
    package var maximumRequests: Int?
    package var warmUp: Nanoseconds
    /// The requested and the actual length of the measurement. The latter is less if the run ended early.
    package var duration: Nanoseconds
    package var measured: Nanoseconds
    package var wasInterrupted: Bool
    /// Names of the classes, in the order of ``LoadStepResult/classes`` and ``SecondSummary/classes``.
    package var classes: [String]
    package var steps: [LoadStepResult]
    /// Arrivals of the open model that were due, and how many per second.
    package var offered = 0
    package var offeredRate = 0.0
    /// Arrivals that found no free virtual user.
    package var arrivalsWithoutUser = 0
    /// Arrivals begun so late that the thread's next one was due as well.
    package var bunchedArrivals = 0
    package var lag = Lag()
    /// Reconnects by reason.
    package var reconnects: [ReconnectCount]
    package var seconds: [SecondSummary]
    package var generator: GeneratorUsage
    /// The runs that it was merged from; empty for a single run.
    package var parts: [MergedPart] = []

    package var responses: Int { steps.reduce(0) { $0 + $1.all.count } }
    package var errors: Int { steps.reduce(0) { $0 + $1.errorCount } }
    package var failedResponses: Int { steps.reduce(0) { $0 + $1.failedResponses } }
}

package struct LoadStepResult: Equatable, Sendable {
    package var id: String
    package var all: ResponseGroup
    /// A group for each class of the plan. A response may belong to several classes, or to none.
    package var classes: [ResponseGroup]
    package var statuses: [Int: Int]
    /// Responses with at least one failed assertion.
    package var failedResponses: Int
    package var failures: [AssertionFailure]
    package var errors: [ErrorKind: Tally]
    /// Requests that were due but have no response at the end of the run.
    package var unfinished: [UnfinishedReason: Int] = [:]
    /// How long failed and unfinished requests had waited for a response.
    package var censored = CensoredTimes()
    /// How long denied requests waited until they were admitted; nil if none was denied, or users do not wait.
    package var admission: AdmissionTimes?
    /// The number of assertions on each response, including captures.
    package var assertions = 0

    package var errorCount: Int { errors.values.reduce(0) { $0 + $1.count } }
}

package struct ResponseGroup: Equatable, Sendable {
    package var count: Int
    /// How many of them arrived after the end of the measurement. Rates exclude them.
    package var late = 0
    /// Responses per second, excluding late ones.
    package var rate = 0.0
    /// Size of heads and bodies as received on the wire.
    package var bytes: Int
    package var times: Timing

    package var serviceTime: TimeHistogram { times.service }
    package var responseTime: TimeHistogram { times.response }
}

/// The load model of a run.
package struct ModelSummary: Equatable, Codable, Sendable {
    package var isOpen: Bool
    /// Arrivals per second at the start of the measurement and after each stage; nil in the closed model.
    package var rates: [Double]?
    package var distribution: ArrivalSchedule.Distribution?
    package var seed: UInt64?

    init(_ model: LoadModel) {
        isOpen = model.isOpen
        guard case .open(let arrivals) = model else { return }
        rates = arrivals.profile.rates
        distribution = arrivals.distribution
        seed = arrivals.seed
    }
}

package struct AssertionFailure: Equatable, Codable, Sendable {
    /// A description of the assertion.
    package var assertion: String
    /// Where it is written: `file:line:column`.
    package var place: String
    package var count: Int
    /// The first failure: expected and actual.
    package var example: String
}

package struct ReconnectCount: Equatable, Codable, Sendable {
    /// Nil if the server closed the connection in an orderly way.
    package var failure: ErrorKind?
    package var count: Int
}

/// CPU time of the load threads within the measurement.
package struct GeneratorUsage: Equatable, Codable, Sendable {
    package var threads: [ThreadUsage]

    package var total: Nanoseconds { threads.reduce(0) { $0 + $1.total } }
}
