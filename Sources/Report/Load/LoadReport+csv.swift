import Histogram
import Load

/// A load as CSV (RFC 4180): a row for each step and for each class of its responses. Times are nanoseconds; a
/// percentile without enough samples is empty.
package struct LoadCSVReport {
    private let result: LoadResult

    package init(_ result: LoadResult) { self.result = result }

    package var text: String {
        let statistics = ["min", "mean"] + Percentile.reported.map { "p\(Self.name($0))" } + ["max"]
        let header =
            ["scenario", "step", "class", "count", "rate", "share", "bytes", "errors", "failed"]
            + ["response", "service"].flatMap { time in statistics.map { "\(time)_\($0)_ns" } }
        var rows = [header]
        for step in result.steps {
            rows.append(row(step, nil, step.all))
            for (name, group) in zip(result.classes, step.classes) { rows.append(row(step, name, group)) }
        }
        return rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
    }

    private func row(_ step: StepResult, _ name: String?, _ group: ResponseGroup) -> [String] {
        let share = step.all.count > 0 ? Double(group.count) / Double(step.all.count) : 0
        let facts = [
            result.name, step.id, name ?? "", "\(group.count)", NumberText.fixed(result.rate(of: group), 3),
            NumberText.fixed(share, 6), "\(group.bytes)", name == nil ? "\(step.errorCount)" : "",
            name == nil ? "\(step.failedResponses)" : "",
        ]
        return facts + Self.times(group.responseTime) + Self.times(group.serviceTime)
    }

    private static func times(_ times: TimeHistogram) -> [String] {
        let percentiles = Percentile.reported.map { times.time(atPercentile: $0).map { "\($0)" } ?? "" }
        guard times.totalCount > 0 else { return ["", ""] + percentiles + [""] }
        return ["\(times.min)", NumberText.fixed(times.mean, 0)] + percentiles + ["\(times.maxRecorded)"]
    }

    static func name(_ percentile: Double) -> String {
        percentile == percentile.rounded() ? "\(Int(percentile))" : "\(percentile)"
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
