import Foundation
import Histogram

extension LoadDocument {
    package init(_ result: LoadResult, thresholds outcomes: [ThresholdOutcome] = []) {
        scenario = result.name
        target = result.target
        model = Model(
            kind: result.model.isOpen ? "open" : "closed", rates: result.model.rates,
            arrivals: result.model.distribution?.rawValue, seed: result.model.seed)
        startedAt = Date(timeIntervalSince1970: result.startedAt).formatted(Self.timeStyle)
        virtualUsers = result.virtualUsers
        maxRequests = result.maximumRequests
        warmUp = result.warmUp
        duration = result.duration
        measured = result.measured
        wasInterrupted = result.wasInterrupted
        faults = result.generatorFaults.map(\.description)
        valid = faults.isEmpty
        thresholds = outcomes.map {
            Threshold(metric: $0.metric, requirement: $0.requirement, actual: $0.actual, passed: $0.passed)
        }
        responses = result.responses
        rate = result.rate
        bytes = result.bytes
        failedResponses = result.failedAssertions
        errors = result.errors
        offered = result.model.isOpen ? result.offered : nil
        queued = result.queued
        inFlight = result.censored
        hitShare = result.hits.map { Self.share($0, of: result.responses) }
        limitedShare = Self.share(result.count(ofStatus: 429), of: result.responses)
        statuses = Self.byName(result.statuses)
        classes = result.classes
        steps = result.steps.map { Step($0, in: result) }
        lag = Lag(server: Times(result.lag.server), generator: Times(result.lag.generator))
        reconnects = Dictionary(
            result.reopened.map { ($0.failure?.rawValue ?? Self.closedByServer, $0.count) }, uniquingKeysWith: +)
        seconds = result.seconds.map { Second($0, classes: result.classes) }
        generator = Generator(
            threads: result.generator.threads,
            cpuPerResponse: result.responses > 0 ? result.generator.total / UInt64(result.responses) : nil)
    }

    static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    static let closedByServer = "closedByServer"

    fileprivate static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }

    fileprivate static func byName(_ statuses: [Int: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: statuses.map { ("\($0.key)", $0.value) })
    }
}

extension LoadDocument.Step {
    fileprivate init(_ step: StepResult, in result: LoadResult) {
        id = step.id
        all = LoadDocument.Group(step.all, of: step, in: result)
        classes = Dictionary(
            uniqueKeysWithValues: zip(
                result.classes, step.classes.map { LoadDocument.Group($0, of: step, in: result) }))
        statuses = LoadDocument.byName(step.statuses)
        failedResponses = step.failedResponses
        failures = step.failures
        errors = Dictionary(uniqueKeysWithValues: step.errors.map { ($0.key.rawValue, $0.value) })
    }
}

extension LoadDocument.Group {
    fileprivate init(_ group: ResponseGroup, of step: StepResult, in result: LoadResult) {
        count = group.count
        rate = result.rate(of: group)
        share = LoadDocument.share(group.count, of: step.all.count)
        bytes = group.bytes
        responseTime = LoadDocument.Times(group.responseTime)
        serviceTime = LoadDocument.Times(group.serviceTime)
    }
}

extension LoadDocument.Times {
    fileprivate init(_ times: TimeHistogram) {
        let isEmpty = times.totalCount == 0
        min = isEmpty ? nil : times.min
        mean = isEmpty ? nil : times.mean.rounded()
        max = isEmpty ? nil : times.maxRecorded
        percentiles = Dictionary(
            uniqueKeysWithValues: Percentile.reported.compactMap { percentile in
                times.time(atPercentile: percentile).map { ("\(percentile)", $0) }
            })
        histogram = Data(times.encodedBytes).base64EncodedString()
    }
}

extension LoadDocument.Second {
    fileprivate init(_ summary: SecondSummary, classes names: [String]) {
        second = summary.second
        offered = summary.offered
        responses = summary.responses
        bytes = summary.bytes
        errors = summary.errors
        failedResponses = summary.failedAssertions
        classes = Dictionary(uniqueKeysWithValues: zip(names, summary.classes))
        statuses = LoadDocument.byName(summary.statuses)
        p50 = summary.p50
        p99 = summary.p99
    }
}
