import Glibc
import Report
import Scenario

/// Shows on standard error what a probe is about to find out, and each finding as soon as it is made.
///
/// On a terminal the current experiment is a line that is redrawn; otherwise it is a line of its own.
struct ProbeDisplay {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var stage = ""
    private var known: [String: String] = [:]

    /// - Parameters:
    ///   - stage: what it is about to find out.
    ///   - budget: what is left of the budget.
    ///   - rows: the findings so far; called if the stage is another than before.
    mutating func update(_ stage: String, budget: String, rows: () -> [ProbeRow]) {
        let isNew = stage != self.stage
        guard isNew || isTerminal else { return }
        self.stage = stage
        erase()
        if isNew { show(rows()) }
        let line = "\(stage) (\(budget) left)"
        if isTerminal { StandardError.writeRaw(line) } else { StandardError.write(line) }
    }

    private mutating func show(_ rows: [ProbeRow]) {
        for row in rows where row.confidence != "unknown" && known[row.name] != row.text {
            known[row.name] = row.text
            StandardError.write("  \(row.title): \(DiagnosticRenderer.printable(row.text)) (\(row.confidence))")
        }
    }

    /// Clears the line that is redrawn.
    func erase() { if isTerminal { StandardError.writeRaw("\r\u{1B}[2K") } }
}
