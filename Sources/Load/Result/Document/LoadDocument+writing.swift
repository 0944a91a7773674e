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
        arrivals = result.model.isOpen ? Arrivals(result.arrivals) : nil
        unfinished = Self.byName(result.unfinished)
        hitShare = result.hits.map { Self.share($0, of: result.responses) }
        limitedShare = Self.share(result.count(ofStatus: 429), of: result.responses)
        statuses = Self.byName(result.statuses)
        classes = result.classes
        steps = result.steps.map { Step($0, in: result) }
        lag = Lag(
            server: Times(result.lag.server), generator: Times(result.lag.generator),
            receive: Times(result.lag.receive))
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

    fileprivate static func byName(_ unfinished: [UnfinishedReason: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: unfinished.map { ($0.key.rawValue, $0.value) })
    }

    fileprivate static func text(of histogram: TimeHistogram) -> String {
        Data(histogram.encodedBytes).base64EncodedString()
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
        assertions = step.assertions
        failedResponses = step.failedResponses
        failures = step.failures
        errors = Dictionary(uniqueKeysWithValues: step.errors.map { ($0.key.rawValue, $0.value) })
        unfinished = LoadDocument.byName(step.unfinished)
        censored = LoadDocument.Censored(step.censored)
    }
}

extension LoadDocument.Censored {
    fileprivate init(_ times: CensoredTimes) {
        responseTime = LoadDocument.text(of: times.response)
        if times.adjustedResponse != times.response {
            adjustedResponseTime = LoadDocument.text(of: times.adjustedResponse)
        }
        serviceTime = LoadDocument.text(of: times.service)
    }
}

extension LoadDocument.Arrivals {
    fileprivate init(_ arrivals: ArrivalCounts) {
        due = arrivals.due
        withoutUser = arrivals.withoutUser
        seconds = arrivals.seconds.map { Second(due: $0.due, begun: $0.begun) }
    }
}

extension LoadDocument.Group {
    fileprivate init(_ group: ResponseGroup, of step: StepResult, in result: LoadResult) {
        count = group.count
        late = group.late
        rate = result.rate(of: group)
        share = LoadDocument.share(group.count, of: step.all.count)
        bytes = group.bytes
        responseTime = LoadDocument.Times(group.responseTime, adjusted: group.times.adjustedResponse)
        serviceTime = LoadDocument.Times(group.serviceTime, adjusted: group.times.adjustedService)
    }
}

extension LoadDocument.Times {
    fileprivate init(_ times: TimeHistogram, adjusted: TimeHistogram? = nil) {
        let isEmpty = times.totalCount == 0
        min = isEmpty ? nil : times.min
        mean = isEmpty ? nil : times.mean.rounded()
        max = isEmpty ? nil : times.maxRecorded
        percentiles = Dictionary(
            uniqueKeysWithValues: Percentile.reported.compactMap { percentile in
                times.time(atPercentile: percentile).map { ("\(percentile)", $0) }
            })
        histogram = LoadDocument.text(of: times)
        if let adjusted, adjusted != times { adjustedHistogram = LoadDocument.text(of: adjusted) }
    }
}

extension LoadDocument.Second {
    fileprivate init(_ summary: SecondSummary, classes names: [String]) {
        second = summary.second
        duration = summary.duration
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
