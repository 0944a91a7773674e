import Audit
import Load
import Scenario

extension LoadReport {
    /// CSV (RFC 4180), with a row for each step, for each class of its responses, and for each audit.
    ///
    /// Times are in milliseconds. A percentile with too few samples is empty, a lower bound is written `>=2100.000000`,
    /// and figures that the generator's lag may account for are listed by name.
    package static var csv: LoadReport { LoadReport("csv") { load, _ in LoadCSV(load: load).text } }
}

private struct LoadCSV {
    let load: EvaluatedLoad

    private var result: LoadResult { load.result }
    private var costs: LoadCostColumns { LoadCostColumns(observation: load.observation) }

    var text: String {
        let statistics = Self.statistics.map(\.name)
        let header =
            ["scenario", "step", "class", "count", "rate", "share", "bytes", "errors", "failed_responses"]
            + ["response", "service"].flatMap { time in statistics.map { "\(time)_\($0)_ms" } + ["\(time)_marked"] }
            + LoadCostColumns.names + ["audit", "verdict", "sentence"]
        var rows = [header]
        for step in result.steps {
            rows.append(row(step, nil, step.all) { step.samples(of: $0) })
            for (index, name) in result.classes.enumerated() {
                rows.append(row(step, name, step.classes[index]) { step.samples(of: $0, class: index) })
            }
        }
        let empty = Array(repeating: "", count: header.count - 4)
        rows += load.audits.map { [result.name] + empty + [$0.audit, $0.verdict.rawValue, $0.sentence] }
        return CSVText(rows: rows).text
    }

    private static let statistics: [(name: String, statistic: LoadMetric.Statistic)] =
        [("min", .min), ("mean", .mean)]
        + Percentile.reported.map { ("p\(NumberText.percentile($0))", .percentile($0)) } + [("max", .max)]

    private func row(
        _ step: LoadStepResult, _ name: String?, _ group: ResponseGroup, _ samples: (TimeKind) -> TimeSamples
    ) -> [String] {
        let whole = name == nil ? result.responses : step.all.count
        let share = whole > 0 ? Double(group.count) / Double(whole) : 0
        let facts = [
            result.name, step.id, name ?? "", "\(group.count)", NumberText.fixed(group.rate, 3),
            NumberText.fixed(share, 6), "\(group.bytes)", name == nil ? "\(step.errorCount)" : "",
            name == nil ? "\(step.failedResponses)" : "",
        ]
        return facts + Self.times(samples(.response)) + Self.times(samples(.service))
            + costs.fields(step: step.id, class: name) + ["", "", ""]
    }

    private static func times(_ samples: TimeSamples) -> [String] {
        let figures = statistics.map { samples.figure($0.statistic) }
        let marked = zip(statistics, figures).filter { $0.1.isMarked }.map(\.0.name)
        return figures.map { figure in
            switch figure.observed {
            case .exact(let value): NumberText.milliseconds(value)
            case .between(let value, _), .atLeast(let value): ">=" + NumberText.milliseconds(value)
            case .unavailable: ""
            }
        } + [marked.joined(separator: " ")]
    }
}
