import Scenario

extension ProbeReport {
    /// For a terminal or a log: a paragraph, and a table of findings.
    package static var text: ProbeReport { ProbeReport("text") { ProbeText(style: $1).text(of: $0) + "\n" } }
}

private struct ProbeText {
    let style: TextStyle

    /// Longer lines are hard to read, and few terminals are narrower.
    private static let width = 100

    func text(of result: ProbeResult) -> String {
        let facts =
            "\(NumberText.count(result.requests)) of \(NumberText.count(result.budget.requests)) requests · "
            + "\(NumberText.fixed(result.seconds, 1)) s of \(result.budget.time.shortText)"
        let heading = "\(style(.bold, DiagnosticRenderer.printable(result.target)))  \(style(.dim, facts))"
        let summary = Self.wrapped(DiagnosticRenderer.printable(result.summary), width: Self.width)
        return ([heading, ""] + summary + [""] + table(result.rows)).joined(separator: "\n")
    }

    /// Each finding with its evidence, which continues in its own column.
    private func table(_ rows: [ProbeRow]) -> [String] {
        let cells = rows.map { [$0.title, DiagnosticRenderer.printable($0.text), $0.confidence] }
        let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
        let indent = widths.reduce(2 * widths.count, +)
        return zip(rows, cells).flatMap { row, cells in
            let fields = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let evidence = Self.wrapped(
                DiagnosticRenderer.printable(row.evidence), width: max(30, Self.width - indent))
            return evidence.enumerated().map { number, line in
                let start = number == 0 ? fields.joined(separator: "  ") + "  " : String(repeating: " ", count: indent)
                return start + style(.dim, line)
            }
        }
    }

    /// Breaks a text at spaces. At least one line.
    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= width {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
