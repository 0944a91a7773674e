import Load
import Scenario

/// The progress of a running load, as text.
package struct LoadProgressLine: Sendable {
    package let style: TextStyle
    /// Names of the classes, in plan order.
    package let classes: [String]
    package let duration: Duration

    package init(style: TextStyle, classes: [String], duration: Duration) {
        self.style = style
        self.classes = classes
        self.duration = duration
    }

    private static let width = 20

    /// A progress bar and the figures of the last second.
    /// - Parameter progress: from 0 to 1 over the measurement.
    package func live(progress: Double, latest: SecondSummary?, errors: Int) -> String {
        let filled = Int((progress * Double(Self.width)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        let elapsed = NumberText.fixed(progress * duration.seconds, 1)
        let head = "\(style(.blue, bar)) \(elapsed)/\(duration.shortText)"
        guard let latest else { return head }
        return ([head] + facts(latest) + [self.errors(errors)]).joined(separator: "  ")
    }

    /// One second on a line of its own, for a log.
    package func plain(_ second: SecondSummary) -> String {
        (["\(second.second + 1)s"] + facts(second) + [errors(second.errors)]).joined(separator: "  ")
    }

    private func facts(_ second: SecondSummary) -> [String] {
        var facts = [
            "\(NumberText.rate(Double(second.responses)))", "p50 \(NumberText.time(second.p50))",
            "p99 \(NumberText.time(second.p99))",
        ]
        if let hit = classes.firstIndex(of: LoadResult.hitClass) {
            facts.append("hit \(NumberText.share(second.classes[hit], of: second.responses))")
        }
        facts.append("429 \(NumberText.share(second.statuses[429, default: 0], of: second.responses))")
        if second.failedResponses > 0 {
            facts.append(style(.boldRed, "failed \(NumberText.count(second.failedResponses))"))
        }
        return facts
    }

    private func errors(_ count: Int) -> String {
        count > 0 ? style(.boldRed, "errors \(NumberText.count(count))") : "errors 0"
    }
}
