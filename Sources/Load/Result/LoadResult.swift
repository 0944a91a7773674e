import Histogram

/// What a run of load has shown: a pure value, from which every report is made. Times are nanoseconds.
package struct LoadResult: Equatable, Sendable {
    package var name: String
    /// The server's address, numeric.
    package var target: String
    package var model: ModelSummary
    /// Seconds since 1970-01-01T00:00:00Z.
    package var startedAt: Double
    package var virtualUsers: Int
    /// How many requests were to be measured at most; nil for no limit.
    package var maximumRequests: Int?
    package var warmUp: Nanoseconds
    /// What was asked for, and what was measured: less where the run was ended early.
    package var duration: Nanoseconds
    package var measured: Nanoseconds
    package var wasInterrupted: Bool
    /// Names of the classes, in the order of ``StepResult/classes`` and ``SecondSummary/classes``.
    package var classes: [String]
    package var steps: [StepResult]
    /// Arrivals of the open model that became due, and those in a second.
    package var offered = 0
    package var offeredRate = 0.0
    /// Arrivals that found no free virtual user.
    package var arrivalsWithoutUser = 0
    /// Arrivals that the generator began so late that the next was due as well.
    package var bunchedArrivals = 0
    package var lag = Lag()
    /// Why connections ended and were made again, with counts.
    package var reopened: [ReopeningCount]
    package var seconds: [SecondSummary]
    package var generator: GeneratorUsage
    /// What it was merged from; empty where it is the result of one run.
    package var parts: [Part] = []

    package var responses: Int { steps.reduce(0) { $0 + $1.all.count } }
    package var errors: Int { steps.reduce(0) { $0 + $1.errorCount } }
    package var failedAssertions: Int { steps.reduce(0) { $0 + $1.failedResponses } }
}

package struct StepResult: Equatable, Sendable {
    package var id: String
    package var all: ResponseGroup
    /// A group for each class of the plan. A response may belong to several, or to none.
    package var classes: [ResponseGroup]
    package var statuses: [Int: Int]
    /// Responses with a failed assertion.
    package var failedResponses: Int
    package var failures: [AssertionFailure]
    package var errors: [ErrorKind: Tally]
    /// Requests that were due and have no response at the end of the run.
    package var unfinished: [UnfinishedReason: Int] = [:]
    /// How long failed and unfinished requests had gone without a response.
    package var censored = CensoredTimes()
    /// How many assertions each response is held against, captures included.
    package var assertions = 0

    package var errorCount: Int { errors.values.reduce(0) { $0 + $1.count } }
}

package struct ResponseGroup: Equatable, Sendable {
    package var count: Int
    /// How many of them came after the end of the measurement. Rates leave them out.
    package var late = 0
    /// Responses a second, without those that were late.
    package var rate = 0.0
    /// Heads and bodies, as they came over the wire.
    package var bytes: Int
    package var times: Timing

    package var serviceTime: TimeHistogram { times.service }
    package var responseTime: TimeHistogram { times.response }
}

/// What made the load.
package struct ModelSummary: Equatable, Codable, Sendable {
    package var isOpen: Bool
    /// Arrivals a second at the beginning of the measurement and after each stage; nil in the closed model.
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
    /// The assertion, in words.
    package var assertion: String
    /// Where it is written: `file:line:column`.
    package var place: String
    package var count: Int
    /// The first that failed: expected and actual.
    package var example: String
}

package struct ReopeningCount: Equatable, Codable, Sendable {
    /// Nil where the server ended the connection in good order.
    package var failure: ErrorKind?
    package var count: Int
}

/// Processor time of the threads that made load, within the measurement.
package struct GeneratorUsage: Equatable, Codable, Sendable {
    package var threads: [ThreadUsage]

    package var total: Nanoseconds { threads.reduce(0) { $0 + $1.total } }
}
