import Foundation
import Histogram
import Load

/// A load as JSON. All times are nanoseconds, rates are a second, shares from 0 to 1.
package struct LoadJSONReport: Encodable {
    private let format = "gauntlet-load-1"
    private let scenario: String
    private let target: String
    private let model = "closed"
    private let startedAt: String
    private let virtualUsers: Int
    private let threads: Int
    private let warmUp: Nanoseconds
    private let duration: Nanoseconds
    private let measured: Nanoseconds
    private let wasInterrupted: Bool
    private let responses: Int
    private let rate: Double
    private let bytes: Int
    private let failedResponses: Int
    private let errors: Int
    private let censored: Int
    /// Share of the class `hit`; absent where there is no such class.
    private let hitShare: Double?
    private let limitedShare: Double
    private let statuses: [String: Int]
    private let steps: [Step]
    private let reconnects: [String: Int]
    private let seconds: [Second]
    private let generator: Generator

    package init(_ result: LoadResult) {
        scenario = result.name
        target = result.target
        startedAt = Date(timeIntervalSince1970: result.startedAt).formatted(.iso8601)
        virtualUsers = result.virtualUsers
        threads = result.generator.threads.count
        warmUp = result.warmUp
        duration = result.duration
        measured = result.measured
        wasInterrupted = result.wasInterrupted
        responses = result.responses
        rate = result.rate
        bytes = result.bytes
        failedResponses = result.failedAssertions
        errors = result.errors
        censored = result.censored
        hitShare = result.hits.map { Self.share($0, of: result.responses) }
        limitedShare = Self.share(result.count(ofStatus: 429), of: result.responses)
        statuses = Self.byName(result.statuses)
        steps = result.steps.map { Step($0, in: result) }
        reconnects = Dictionary(
            result.reopened.map { ($0.failure?.rawValue ?? "closedByServer", $0.count) }, uniquingKeysWith: +)
        seconds = result.seconds.map { Second($0, classes: result.classes) }
        generator = Generator(
            cpu: result.generator.threads,
            cpuPerResponse: result.responses > 0 ? result.generator.total / UInt64(result.responses) : nil)
    }

    /// The report's text, keys in alphabetical order.
    package func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    private struct Step: Encodable {
        let id: String
        let all: Group
        let classes: [String: Group]
        let statuses: [String: Int]
        let failures: [AssertionFailure]
        let errors: [String: Tally]

        init(_ step: StepResult, in result: LoadResult) {
            id = step.id
            all = Group(step.all, of: step, in: result)
            classes = Dictionary(
                uniqueKeysWithValues: zip(result.classes, step.classes.map { Group($0, of: step, in: result) }))
            statuses = byName(step.statuses)
            failures = step.failures
            errors = Dictionary(uniqueKeysWithValues: step.errors.map { ($0.key.rawValue, $0.value) })
        }
    }

    private struct Group: Encodable {
        let count: Int
        let rate: Double
        /// Of the step's responses.
        let share: Double
        let bytes: Int
        let serviceTime: Times

        init(_ group: ResponseGroup, of step: StepResult, in result: LoadResult) {
            count = group.count
            rate = result.rate(of: group)
            share = LoadJSONReport.share(group.count, of: step.all.count)
            bytes = group.bytes
            serviceTime = Times(group.serviceTime)
        }
    }

    /// A percentile without enough samples is absent.
    private struct Times: Encodable {
        let min: Nanoseconds?
        let mean: Double?
        let max: Nanoseconds?
        let percentiles: [String: Nanoseconds]

        init(_ times: TimeHistogram) {
            let isEmpty = times.totalCount == 0
            min = isEmpty ? nil : times.min
            mean = isEmpty ? nil : times.mean.rounded()
            max = isEmpty ? nil : times.maxRecorded
            percentiles = Dictionary(
                uniqueKeysWithValues: Percentile.reported.compactMap { percentile in
                    times.time(atPercentile: percentile).map { ("\(percentile)", $0) }
                })
        }
    }

    private struct Second: Encodable {
        let second: Int
        let responses: Int
        let bytes: Int
        let errors: Int
        let failedResponses: Int
        let classes: [String: Int]
        let statuses: [String: Int]
        let p50: Nanoseconds?
        let p99: Nanoseconds?

        init(_ summary: SecondSummary, classes names: [String]) {
            second = summary.second
            responses = summary.responses
            bytes = summary.bytes
            errors = summary.errors
            failedResponses = summary.failedAssertions
            classes = Dictionary(uniqueKeysWithValues: zip(names, summary.classes))
            statuses = byName(summary.statuses)
            p50 = summary.p50
            p99 = summary.p99
        }
    }

    private struct Generator: Encodable {
        let cpu: [ThreadUsage]
        let cpuPerResponse: Nanoseconds?
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }

    private static func byName(_ statuses: [Int: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: statuses.map { ("\($0.key)", $0.value) })
    }
}
