import ScenarioRunner

extension RunReport {
    /// What a terminal shows, without the progress.
    package static var text: RunReport { RunReport("text") { RunTextReport(style: $1).text(of: $0) + "\n" } }
}
