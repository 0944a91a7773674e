import Foundation
import Histogram
import Scenario
import Trace

extension LoadDocument {
    package init(_ load: EvaluatedLoad) {
        let result = load.result
        scenario = result.name
        target = result.target
        model = Model(
            kind: result.model.isOpen ? "open" : "closed", rates: result.model.rates,
            arrivals: result.model.distribution?.rawValue, seed: result.model.seed)
        startedAt = Date(timeIntervalSince1970: result.startedAt).formatted(Self.timeStyle)
        virtualUsers = result.virtualUsers
        maxRequests = result.maximumRequests
        warmUpMs = Milliseconds(result.warmUp)
        durationMs = Milliseconds(result.duration)
        measuredMs = Milliseconds(result.measured)
        wasInterrupted = result.wasInterrupted
        invalid = load.invalidities.map(\.description)
        valid = invalid.isEmpty
        verdict = load.verdict.name
        parts = result.parts
        thresholds = load.thresholds.map(Threshold.init)
        audits = load.audits
        responses = result.responses
        rate = result.rate
        bytes = result.bytes
        failedResponses = result.failedResponses
        errors = result.errors
        if result.model.isOpen {
            arrivals = Arrivals(
                due: result.offered, rate: result.offeredRate, withoutUser: result.arrivalsWithoutUser,
                bunched: result.bunchedArrivals)
        }
        unfinished = Self.byName(result.unfinished)
        hitShare = result.hits.map { Self.share($0, of: result.responses) }
        limitedShare = Self.share(result.count(ofStatus: 429), of: result.responses)
        statuses = Self.byName(result.statuses)
        classes = result.classes
        steps = result.steps.map { Step($0, of: result) }
        lag = Lag(
            server: Times(result.lag.server), generator: Times(result.lag.generator),
            receive: Times(result.lag.receive))
        reconnects = Dictionary(
            result.reconnects.map { ($0.failure?.rawValue ?? Self.closedByServer, $0.count) }, uniquingKeysWith: +)
        observation = load.observation.map(Observation.init)
        trace = load.trace.map { Trace(path: $0.path, requests: $0.requests, lost: $0.lost) }
        seconds = result.seconds.map { Second($0, classes: result.classes) }
        generator = Generator(
            threads: result.generator.threads.map(Thread.init),
            cpuPerResponseMs: result.responses > 0
                ? Milliseconds(result.generator.total / UInt64(result.responses)) : nil)
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
    fileprivate init(_ step: LoadStepResult, of result: LoadResult) {
        id = step.id
        all = LoadDocument.Group(
            step.all, ofWhole: result.responses, response: step.samples(of: .response),
            service: step.samples(of: .service))
        let groups = step.classes.indices.map { index in
            LoadDocument.Group(
                step.classes[index], ofWhole: step.all.count,
                response: step.samples(of: .response, class: index),
                service: step.samples(of: .service, class: index))
        }
        classes = Dictionary(uniqueKeysWithValues: zip(result.classes, groups))
        statuses = LoadDocument.byName(step.statuses)
        assertions = step.assertions
        failedResponses = step.failedResponses
        failures = step.failures
        errors = Dictionary(uniqueKeysWithValues: step.errors.map { ($0.key.rawValue, $0.value) })
        unfinished = LoadDocument.byName(step.unfinished)
        admission = step.admission.map {
            LoadDocument.Admission(waited: LoadDocument.Times($0.times), waiting: $0.waiting)
        }
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

extension LoadDocument.Threshold {
    fileprivate init(_ threshold: EvaluatedThreshold) {
        metric = threshold.metric
        comparison = threshold.comparison
        value = threshold.value
        actual = threshold.figure.exact
        if actual == nil { (lowerBound, upperBound) = (threshold.figure.lower, threshold.figure.upper) }
        verdict = threshold.verdict.name
        reason = threshold.verdict.reason
    }
}

extension LoadDocument.Group {
    fileprivate init(
        _ group: ResponseGroup, ofWhole whole: Int, response: TimeSamples, service: TimeSamples
    ) {
        count = group.count
        late = group.late
        rate = group.rate
        share = LoadDocument.share(group.count, of: whole)
        bytes = group.bytes
        responseTime = LoadDocument.Times(response, of: group.responseTime, adjusted: group.times.adjustedResponse)
        serviceTime = LoadDocument.Times(service, of: group.serviceTime, adjusted: group.times.adjustedService)
    }
}

extension LoadDocument.Times {
    fileprivate init(_ times: TimeHistogram) {
        self.init(TimeSamples(of: times), of: times, adjusted: times)
    }

    fileprivate init(_ samples: TimeSamples, of times: TimeHistogram, adjusted: TimeHistogram) {
        let figures = Statistic.reported.map { ($0.name, samples.figure($0)) }
        func named(_ value: (TimeFigure) -> Double?) -> [String: Double]? {
            let values = figures.compactMap { name, figure in value(figure).map { (name, $0.rounded() / 1e6) } }
            return values.isEmpty ? nil : Dictionary(uniqueKeysWithValues: values)
        }
        let exact = named(\.observed.exact) ?? [:]
        (minMs, meanMs, maxMs) = (exact["min"], exact["mean"], exact["max"])
        percentilesMs = exact.filter { !["min", "mean", "max"].contains($0.key) }
        lowerBoundsMs = named { $0.observed.exact == nil ? $0.observed.lower : nil }
        upperBoundsMs = named { $0.observed.exact == nil ? $0.observed.upper : nil }
        markedMs = named { $0.isMarked ? $0.generatorShare : nil }
        histogram = LoadDocument.text(of: times)
        if adjusted != times { adjustedHistogram = LoadDocument.text(of: adjusted) }
    }

    private typealias Statistic = LoadMetric.Statistic
}

extension LoadMetric.Statistic {
    /// The statistics that a report shows.
    fileprivate static var reported: [Self] { [.min, .mean, .max] + Percentile.reported.map(Self.percentile) }

    /// The statistic's name, as in thresholds.
    fileprivate var name: String {
        switch self {
        case .min: "min"
        case .mean: "mean"
        case .max: "max"
        case .percentile(let percentile): percentile == percentile.rounded() ? "p\(Int(percentile))" : "p\(percentile)"
        }
    }
}

extension LoadDocument.Second {
    fileprivate init(_ summary: SecondSummary, classes names: [String]) {
        second = summary.second
        durationMs = Milliseconds(summary.duration)
        offered = summary.offered
        begun = summary.begun
        responses = summary.responses
        bytes = summary.bytes
        errors = summary.errors
        failedResponses = summary.failedResponses
        classes = Dictionary(uniqueKeysWithValues: zip(names, summary.classes))
        statuses = LoadDocument.byName(summary.statuses)
        p50Ms = summary.p50.map(Milliseconds.init)
        p99Ms = summary.p99.map(Milliseconds.init)
    }
}

extension LoadDocument.Thread {
    fileprivate init(_ usage: ThreadUsage) {
        userMs = Milliseconds(usage.user)
        systemMs = Milliseconds(usage.system)
        wakeUpBatchingMs = Milliseconds(usage.wakeUpBatching)
        busyWaitMs = Milliseconds(usage.watched)
        runDelayMs = Milliseconds(usage.runDelay)
    }
}
