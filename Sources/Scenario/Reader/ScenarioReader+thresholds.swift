extension ScenarioReader {
    /// The thresholds on one metric: a value that it must equal, or an object of comparisons.
    mutating func thresholds(
        _ key: JSONNode, _ node: JSONNode, steps: [String], classes: [String]
    ) -> [LoadSettings.Threshold] {
        let name = key.string ?? ""
        guard let metric = LoadMetric(name, steps: steps, classes: classes) else {
            let known = LoadMetric.names(steps: steps, classes: classes)
            report(
                .invalidValue, "unknown metric \"\(name)\"", at: key.range,
                help: Suggestion.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
                    ?? "metrics include p99, errors, \(steps.first ?? "read").p99, classes.hit.share")
            return []
        }
        guard node.kind == .object else {
            let value = limit(node, of: metric)
            return [.init(metric: metric, name: name, comparison: .eq, value: value, range: node.range)]
        }
        if node.count == 0 {
            report(
                .invalidValue, "an empty threshold would always hold", at: node.range,
                help: "for example {\"lt\": \(metric.isTime ? "\"5ms\"" : "5")}")
        }
        return node.members.compactMap { member in
            // Others have been reported already.
            guard let comparison = Comparison(rawValue: member.key.string ?? "") else { return nil }
            return .init(
                metric: metric, name: name, comparison: comparison, value: limit(member.value, of: metric),
                range: member.key.range.lowerBound..<member.value.range.upperBound)
        }
    }

    /// The value to compare a metric with. A duration is converted to milliseconds.
    private mutating func limit(_ node: JSONNode, of metric: LoadMetric) -> TemplateValue {
        if metric.isTime, let text = node.string, !text.contains("{{") {
            return .constant(duration(node).map { .number(JSONNumber(milliseconds: $0)) } ?? .null)
        }
        let value = value(node)
        if case .constant(.string) = value {
            report(.wrongType, "this metric is a number, so it cannot be compared with a string", at: node.range)
        }
        return value
    }
}
