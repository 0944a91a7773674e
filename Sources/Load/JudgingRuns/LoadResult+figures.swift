import Histogram
import Scenario

extension LoadResult {
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
        case .failedResponses: return MetricFigure(Double(failures))
        case .failedResponseShare: return MetricFigure(Self.share(failures, of: count))
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
