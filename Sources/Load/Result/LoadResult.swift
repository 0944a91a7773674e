import Histogram

/// What a run of load has shown: a pure value, from which every report is made. Times are nanoseconds.
package struct LoadResult: Equatable, Codable, Sendable {
    package var name: String
    /// The server's address, numeric.
    package var target: String
    /// Seconds since 1970-01-01T00:00:00Z.
    package var startedAt: Double
    package var virtualUsers: Int
    package var warmUp: Nanoseconds
    /// What was asked for, and what was measured: less where the run was ended early.
    package var duration: Nanoseconds
    package var measured: Nanoseconds
    package var wasInterrupted: Bool
    /// Names of the classes, in the order of ``StepResult/classes`` and ``SecondSummary/classes``.
    package var classes: [String]
    package var steps: [StepResult]
    /// Requests whose answers had not come at the end: neither responses nor errors.
    package var censored: Int
    /// Why connections ended and were made again, with counts.
    package var reopened: [ReopeningCount]
    package var seconds: [SecondSummary]
    package var generator: GeneratorUsage

    package var responses: Int { steps.reduce(0) { $0 + $1.all.count } }
    package var errors: Int { steps.reduce(0) { $0 + $1.errorCount } }
    package var failedAssertions: Int { steps.reduce(0) { $0 + $1.failedResponses } }

    /// Responses a second.
    package var rate: Double { measured > 0 ? Double(responses) * 1e9 / Double(measured) : 0 }
}

package struct StepResult: Equatable, Codable, Sendable {
    package var id: String
    package var all: ResponseGroup
    /// A group for each class of the plan. A response may belong to several, or to none.
    package var classes: [ResponseGroup]
    package var statuses: [Int: Int]
    /// Responses with a failed assertion.
    package var failedResponses: Int
    package var failures: [AssertionFailure]
    package var errors: [ErrorKind: Tally]

    package var errorCount: Int { errors.values.reduce(0) { $0 + $1.count } }
}

package struct ResponseGroup: Equatable, Codable, Sendable {
    package var count: Int
    /// Heads and bodies, as they came over the wire.
    package var bytes: Int
    /// Sent to completed; connecting is not in it.
    package var serviceTime: TimeHistogram
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
