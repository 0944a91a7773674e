import Audit
import Scenario

extension AuditReport {
    /// For a terminal or a log.
    package static var text: AuditReport {
        AuditReport("text") { result, style in
            let clocks = result.clockBound > 0 ? " · clocks within \(NumberText.time(result.clockBound))" : ""
            let facts = "\(NumberText.count(result.requests)) requests\(clocks)"
            let heading = "\(style(.bold, result.traces.joined(separator: ", ")))  \(style(.dim, facts))"
            return ([heading] + AuditText(style: style).lines(result.findings)).joined(separator: "\n") + "\n"
        }
    }
}
