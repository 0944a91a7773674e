import Scenario

/// The values of the page on a probe.
struct ProbePage {
    struct Figure {
        let name: String
        let text: String
    }

    struct Row {
        let title: String
        let text: String
        let confidence: String
        let evidence: String
    }

    let style: String
    let target: String
    let subject: String
    let summary: String
    let notes: [String]
    let figures: [Figure]
    let rows: [Row]

    init(_ result: ProbeResult, style: String) {
        self.style = style
        target = result.target
        subject = result.subjectName
        summary = result.summary
        notes = result.notes
        figures = [
            Figure(
                name: "Requests",
                text: "\(NumberText.count(result.requests)) of \(NumberText.count(result.budget.requests))"),
            Figure(
                name: "Time", text: "\(NumberText.fixed(result.seconds, 1)) s of \(result.budget.time.shortText)"),
        ]
        rows = result.rows.map {
            Row(title: $0.title, text: $0.text, confidence: $0.confidence, evidence: $0.evidence)
        }
    }
}
