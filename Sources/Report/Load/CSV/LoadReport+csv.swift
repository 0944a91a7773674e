import Load
import Scenario

extension LoadReport {
    /// CSV (RFC 4180), with a row for each step and for each class of its responses.
    ///
    /// Times are in nanoseconds. A percentile with too few samples is empty, a lower bound is written `>=2100000000`,
    /// and figures that the generator's lag may account for are listed by name.
    package static var csv: LoadReport {
        LoadReport("csv") { load, _ in
            LoadCSV(result: load.result, costs: LoadCostColumns(observation: load.observation)).text
        }
    }
}

private struct LoadCSV {
    let result: LoadResult
    let costs: LoadCostColumns

    var text: String {
        let statistics = Self.statistics.map(\.name)
        let header =
            ["scenario", "step", "class", "count", "rate", "share", "bytes", "errors", "failed"]
            + ["response", "service"].flatMap { time in statistics.map { "\(time)_\($0)_ns" } + ["\(time)_marked"] }
            + LoadCostColumns.names
        var rows = [header]
        for step in result.steps {
            rows.append(row(step, nil, step.all) { step.samples(of: $0) })
            for (index, name) in result.classes.enumerated() {
                rows.append(row(step, name, step.classes[index]) { step.samples(of: $0, class: index) })
            }
        }
        return rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
    }

    private static let statistics: [(name: String, statistic: LoadMetric.Statistic)] =
        [("min", .min), ("mean", .mean)]
        + Percentile.reported.map { ("p\(NumberText.percentile($0))", .percentile($0)) } + [("max", .max)]

    private func row(
        _ step: LoadStepResult, _ name: String?, _ group: ResponseGroup, _ samples: (TimeKind) -> TimeSamples
    ) -> [String] {
        let share = step.all.count > 0 ? Double(group.count) / Double(step.all.count) : 0
        let facts = [
            result.name, step.id, name ?? "", "\(group.count)", NumberText.fixed(group.rate, 3),
            NumberText.fixed(share, 6), "\(group.bytes)", name == nil ? "\(step.errorCount)" : "",
            name == nil ? "\(step.failedResponses)" : "",
        ]
        return facts + Self.times(samples(.response)) + Self.times(samples(.service))
            + costs.fields(step: step.id, class: name)
    }

    private static func times(_ samples: TimeSamples) -> [String] {
        let figures = statistics.map { samples.figure($0.statistic) }
        let marked = zip(statistics, figures).filter { $0.1.isMarked }.map(\.0.name)
        return figures.map { figure in
            switch figure.observed {
            case .exact(let value): NumberText.fixed(value, 0)
            case .between(let value, _), .atLeast(let value): ">=" + NumberText.fixed(value, 0)
            case .unavailable: ""
            }
        } + [marked.joined(separator: " ")]
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
