import Audit
import Foundation
import Histogram
import Scenario
import Trace
import Version

/// The result of a load as JSON.
///
/// Times are in milliseconds, and their names end with `Ms`. Rates are per second, shares are between 0 and 1. The
/// document holds the complete result, so that results can be read again and merged. Histograms hold nanoseconds.
package struct LoadDocument: Codable {
    /// The format's identifier, present in every document; also the schema's `$id`.
    package static let format = "urn:gauntlet:load-report:4"

    var format = Self.format
    /// The version of the program that wrote it.
    var gauntletVersion = Release.version
    var scenario: String
    var target: String
    var model: Model
    /// RFC 3339.
    var startedAt: String
    var virtualUsers: Int
    var maxRequests: Int?
    var warmUpMs: Milliseconds
    var durationMs: Milliseconds
    var measuredMs: Milliseconds
    var wasInterrupted: Bool

    /// Whether the result proves anything; `invalid` says why not.
    var valid: Bool
    var invalid: [String]
    /// `passed`, `failed` or `undecided`.
    var verdict: String
    /// The runs that it was merged from; empty for a single run.
    var parts: [MergedPart]
    var thresholds: [Threshold]
    var audits: [AuditFinding]

    var responses: Int
    var rate: Double
    var bytes: Int
    var failedResponses: Int
    var errors: Int
    /// Arrivals of the open model.
    var arrivals: Arrivals?
    /// Requests that were due but have no response at the end, by ``UnfinishedReason``.
    var unfinished: [String: Int]
    /// The share of responses in the class `hit`; absent if there is no such class.
    var hitShare: Double?
    var limitedShare: Double
    var statuses: [String: Int]
    var classes: [String]
    var steps: [Step]
    var lag: Lag
    var reconnects: [String: Int]
    var seconds: [Second]
    var generator: Generator
    /// Absent if nothing was observed.
    var observation: Observation?
    /// The file that all requests were recorded in; absent if there is none.
    var trace: Trace?

    struct Trace: Codable {
        var path: String
        var requests: Int
        /// Requests that are missing from the file.
        var lost: UInt64
    }

    struct Model: Codable {
        var kind: String
        var rates: [Double]?
        var arrivals: String?
        var seed: UInt64?
    }

    struct Arrivals: Codable {
        var due: Int
        var rate: Double
        var withoutUser: Int
        var bunched: Int
    }

    struct Threshold: Codable {
        var metric: String
        var comparison: Comparison
        /// In milliseconds for times. Absent if it is secret or cannot be evaluated.
        var value: Double?
        /// In milliseconds for times. Absent if only bounds are known, or nothing.
        var actual: Double?
        var lowerBound: Double?
        var upperBound: Double?
        var verdict: String
        /// Why it is undecided.
        var reason: ThresholdVerdict.Reason?
    }

    struct Admission: Codable {
        var waited: Times
        /// Requests that were still waiting at the end.
        var waiting: Int
    }

    struct Step: Codable {
        var id: String
        var all: Group
        var classes: [String: Group]
        var statuses: [String: Int]
        /// The number of assertions on each response, including captures.
        var assertions: Int
        var failedResponses: Int
        var failures: [AssertionFailure]
        var errors: [String: Tally]
        var unfinished: [String: Int]
        /// How long denied requests waited until they were admitted. Absent if users do not wait.
        var admission: Admission?
        var censored: Censored
    }

    /// Histograms of how long failed and unfinished requests had waited for a response.
    struct Censored: Codable {
        var responseTime: String
        /// Absent if it equals `responseTime`.
        var adjustedResponseTime: String?
        var serviceTime: String
    }

    struct Group: Codable {
        var count: Int
        /// How many of them arrived after the end of the measurement.
        var late: Int
        var rate: Double
        /// Of a step, its share of all responses; of a class, its share of the step's responses.
        var share: Double
        var bytes: Int
        var responseTime: Times
        var serviceTime: Times
    }

    /// Time statistics.
    ///
    /// A figure with too few samples is absent. One that failed or unfinished requests could move has bounds instead of
    /// a value.
    struct Times: Codable {
        var minMs: Double?
        var meanMs: Double?
        var maxMs: Double?
        /// Keyed as in thresholds: `p99`.
        var percentilesMs: [String: Double]
        /// Keyed by `min`, `mean`, `max` or percentile.
        var lowerBoundsMs: [String: Double]?
        var upperBoundsMs: [String: Double]?
        /// Figures that generator lag may account for too much of, with the amount.
        var markedMs: [String: Double]?
        /// HdrHistogram's compressed V2 encoding, in base64.
        var histogram: String
        /// The times less what the generator may have added; absent if that is nothing.
        var adjustedHistogram: String?
    }

    struct Lag: Codable {
        var server: Times
        var generator: Times
        var receive: Times
    }

    struct Second: Codable {
        var second: Int
        var durationMs: Milliseconds
        var offered: Int
        var begun: Int
        var responses: Int
        var bytes: Int
        var errors: Int
        var failedResponses: Int
        var classes: [String: Int]
        var statuses: [String: Int]
        var p50Ms: Milliseconds?
        var p99Ms: Milliseconds?
    }

    struct Generator: Codable {
        var threads: [Thread]
        var cpuPerResponseMs: Milliseconds?
    }

    struct Thread: Codable {
        var userMs: Milliseconds
        var systemMs: Milliseconds
        var wakeUpBatchingMs: Milliseconds
        var busyWaitMs: Milliseconds
        var runDelayMs: Milliseconds
    }

    /// The document as JSON text, each verdict first in its object.
    package func encoded() throws -> Data {
        try Data(
            (JSON(encoding: self, first: ["verdict", "format", "audit", "sentence"]).serialized(indent: 2) + "\n").utf8)
    }
}
