import Histogram
import Scenario

/// A threshold evaluated against a result.
package struct ThresholdOutcome: Equatable, Sendable {
    /// The metric as the file names it.
    package var metric: String
    /// The requirement as written in the file: `"lt": "5ms"`.
    package var requirement: String
    /// The requirement in a readable form: `< 5ms`.
    package var wanted: String
    /// Where it is written: `file:line:column`.
    package var place: String
    /// The bounds of the figure; times are in milliseconds.
    package var figure: BoundedFigure
    /// Whether the figure is a time.
    package var isTime: Bool
    package var verdict: ThresholdVerdict
    /// Whether it is about errors or failed assertions. It then replaces the default requirement that its step has
    /// none.
    package var isOfErrors: Bool
    package var isOfFailures: Bool
    /// The step that it is about; nil for all steps.
    package var step: String?

    package var passed: Bool { verdict == .passed }

    init(_ threshold: LoadSettings.Threshold, of result: LoadResult, in file: SourceFile, scope: Scope) {
        let conditions = threshold.matcher.conditions
        let start = conditions.map(\.range.lowerBound).min() ?? 0
        let end = conditions.map(\.range.upperBound).max() ?? start
        let position = file.position(of: start)
        self.init(
            threshold.metric, name: threshold.name, requirement: Self.text(in: file, start..<end),
            place: "\(file.path):\(position.line):\(position.column)", of: result)
        wanted = conditions.map { $0.wanted(Self.text(in: file, $0.range)) }.joined(separator: " and ")
        verdict = result.figure(threshold.metric).verdict(threshold.matcher, in: scope)
    }

    /// An outcome without a verdict yet.
    init(_ metric: LoadMetric?, name: String, requirement: String, place: String, of result: LoadResult) {
        self.metric = name
        self.requirement = requirement
        wanted = requirement
        self.place = place
        figure = metric.map { result.figure($0).observed } ?? .unavailable
        isTime = metric?.isTime ?? false
        verdict = .undecided(.unreadable)
        isOfErrors = metric.map { [.errors, .errorShare].contains($0.measure) } ?? false
        isOfFailures = metric.map { [.failures, .failureShare].contains($0.measure) } ?? false
        step = metric?.scope.step
    }

    private static func text(in file: SourceFile, _ range: Range<Int>) -> String {
        String(decoding: file.bytes[range], as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension LoadResult {
    /// Whether a step had errors and no threshold says how many are allowed.
    package func hasUnforeseenErrors(_ thresholds: [ThresholdOutcome]) -> Bool {
        steps.contains { step in
            step.errorCount > 0 && !thresholds.contains { $0.isOfErrors && ($0.step == nil || $0.step == step.id) }
        }
    }

    /// Whether a step had failed assertions and no threshold says how many are allowed.
    package func hasUnforeseenFailures(_ thresholds: [ThresholdOutcome]) -> Bool {
        steps.contains { step in
            step.failedResponses > 0
                && !thresholds.contains { $0.isOfFailures && ($0.step == nil || $0.step == step.id) }
        }
    }

    /// The figure for a metric; times are in milliseconds.
    func figure(_ metric: LoadMetric) -> MetricFigure {
        let steps = steps.filter { metric.scope.step == nil || $0.id == metric.scope.step }
        let groups = steps.compactMap { step in
            guard let name = metric.scope.className else { return step.all }
            return classes.firstIndex(of: name).map { step.classes[$0] }
        }
        let count = groups.reduce(0) { $0 + $1.count }
        let errors = steps.reduce(0) { $0 + $1.errorCount }
        let failures = steps.reduce(0) { $0 + $1.failedResponses }
        func times(_ kind: TimeKind, _ statistic: LoadMetric.Statistic) -> MetricFigure {
            let censored = steps.dropFirst().reduce(into: steps.first?.censored ?? CensoredTimes()) {
                $0.add($1.censored)
            }
            let times = groups.dropFirst().reduce(into: groups.first?.times ?? Timing()) { $0.add($1.times) }
            let group = ResponseGroup(count: 0, bytes: 0, times: times)
            return MetricFigure(
                group.samples(of: kind, censored: censored, isClass: metric.scope.className != nil).figure(statistic))
        }
        switch metric.measure {
        case .count: return MetricFigure(Double(count))
        case .rate: return MetricFigure(measured > 0 ? groups.reduce(0) { $0 + $1.rate } : nil)
        case .share:
            let whole = (metric.scope.className == nil ? self.steps : steps).reduce(0) { $0 + $1.all.count }
            return MetricFigure(Self.share(count, of: whole))
        case .errors: return MetricFigure(Double(errors))
        case .errorShare: return MetricFigure(Self.share(errors, of: errors + count))
        case .failures: return MetricFigure(Double(failures))
        case .failureShare: return MetricFigure(Self.share(failures, of: count))
        case .offered: return MetricFigure(Double(offered))
        case .responseTime(let statistic): return times(.response, statistic)
        case .serviceTime(let statistic): return times(.service, statistic)
        case .generatorLag(let statistic): return MetricFigure(TimeFigure(lag.generator, statistic))
        case .serverLag(let statistic): return MetricFigure(TimeFigure(lag.server, statistic))
        }
    }

    private static func share(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
