import Histogram
import Scenario

/// A threshold held against a result.
package struct ThresholdOutcome: Equatable, Sendable {
    /// The metric as the file names it.
    package var metric: String
    /// The requirement as the file writes it: `{ "lt": "5ms" }`.
    package var requirement: String
    /// Where it is written: `file:line:column`.
    package var place: String
    /// Nil where there is nothing to tell the figure from: too few samples for a percentile, say. It has then not passed.
    package var actual: Double?
    /// Whether the figure is a time, in milliseconds.
    package var isTime: Bool
    package var passed: Bool
    /// Whether it is about errors, or failed assertions: it then stands for the demand that there be none, of its step.
    package var isOfErrors: Bool
    package var isOfFailures: Bool
    /// The step that it is about; nil for all.
    package var step: String?

    init(_ threshold: LoadSettings.Threshold, of result: LoadResult, in file: SourceFile, scope: Scope) {
        let ranges = threshold.matcher.conditions.map(\.range)
        let start = ranges.map(\.lowerBound).min() ?? 0
        let end = ranges.map(\.upperBound).max() ?? start
        let position = file.position(of: start)
        metric = threshold.name
        requirement = String(decoding: file.bytes[start..<end], as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        place = "\(file.path):\(position.line):\(position.column)"
        actual = result.figure(threshold.metric)
        isTime = threshold.metric.isTime
        isOfErrors = [.errors, .errorShare].contains(threshold.metric.measure)
        isOfFailures = [.failures, .failureShare].contains(threshold.metric.measure)
        step = threshold.metric.scope.step
        let mismatches = actual.flatMap(JSONNumber.init(_:)).map {
            try? threshold.matcher.mismatches(of: .value(.number($0)), subject: "", in: scope)
        }
        passed = mismatches??.isEmpty ?? false
    }
}

extension LoadResult {
    /// Whether assertions failed at a step where no threshold says how many may.
    package func hasUnforeseenFailures(_ thresholds: [ThresholdOutcome]) -> Bool {
        steps.contains { step in
            step.failedResponses > 0
                && !thresholds.contains { $0.isOfFailures && ($0.step == nil || $0.step == step.id) }
        }
    }

    /// Whether there were errors at a step where no threshold says how many there may be.
    package func hasUnforeseenErrors(_ thresholds: [ThresholdOutcome]) -> Bool {
        steps.contains { step in
            step.errorCount > 0 && !thresholds.contains { $0.isOfErrors && ($0.step == nil || $0.step == step.id) }
        }
    }

    /// The figure that a metric names, times in milliseconds; nil where there is none.
    package func figure(_ metric: LoadMetric) -> Double? {
        let steps = steps.filter { metric.scope.step == nil || $0.id == metric.scope.step }
        let groups = steps.compactMap { step in
            guard let name = metric.scope.className else { return step.all }
            return classes.firstIndex(of: name).map { step.classes[$0] }
        }
        let count = groups.reduce(0) { $0 + $1.count }
        let errors = steps.reduce(0) { $0 + $1.errorCount }
        let failures = steps.reduce(0) { $0 + $1.failedResponses }
        switch metric.measure {
        case .count: return Double(count)
        case .rate: return measured > 0 ? Double(count) * 1e9 / Double(measured) : nil
        case .share:
            let whole = (metric.scope.className == nil ? self.steps : steps).reduce(0) { $0 + $1.all.count }
            return Self.share(count, of: whole)
        case .errors: return Double(errors)
        case .errorShare: return Self.share(errors, of: errors + count)
        case .failures: return Double(failures)
        case .failureShare: return Self.share(failures, of: count)
        case .offered: return Double(offered)
        case .responseTime(let statistic): return groups.sum(\.times.response).figure(statistic)
        case .serviceTime(let statistic): return groups.sum(\.times.service).figure(statistic)
        case .generatorLag(let statistic): return lag.generator.figure(statistic)
        case .serverLag(let statistic): return lag.server.figure(statistic)
        }
    }

    private static func share(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}

extension [ResponseGroup] {
    fileprivate func sum(_ times: KeyPath<ResponseGroup, TimeHistogram>) -> TimeHistogram {
        reduce(into: .times()) { $0.add($1[keyPath: times]) }
    }
}

extension Histogram where Count == UInt64 {
    /// In milliseconds.
    fileprivate func figure(_ statistic: LoadMetric.Statistic) -> Double? {
        guard totalCount > 0 else { return nil }
        switch statistic {
        case .min: return Double(min) / 1e6
        case .mean: return mean / 1e6
        case .max: return Double(maxRecorded) / 1e6
        case .percentile(let percentile): return time(atPercentile: percentile).map { Double($0) / 1e6 }
        }
    }
}
