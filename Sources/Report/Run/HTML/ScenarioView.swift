import Scenario
import ScenarioRunner

/// A scenario: its row in the overview, and its section with steps and source.
struct ScenarioView {
    let anchor: String
    let badge: OutcomeBadge
    let name: String
    let description: String?
    let path: String
    let tags: [String]
    let facts: String
    let duration: String
    let isOpen: Bool
    /// Its bar on the run's time axis.
    let place: TimeAxis.Place
    let axis: AxisView
    let startFailure: FailureView?
    let hasSteps: Bool
    let steps: [StepView]
    let hasAudits: Bool
    let audits: [AuditView]
    let source: [SourceLine]
    /// A note, if not all of the source is shown.
    let sourceNote: String?

    init(_ scenario: ScenarioResult, number: Int, isAlone: Bool, on runAxis: TimeAxis) {
        let anchor = "s\(number)"
        let axis = TimeAxis(start: scenario.start, duration: scenario.duration)
        self.anchor = anchor
        badge = OutcomeBadge(scenario.outcome)
        name = scenario.name
        description = scenario.description
        path = scenario.file.path
        tags = scenario.tags
        let sent = [counted(scenario.requests, "request")] + (scenario.address.map { ["from \($0)"] } ?? [])
        facts = scenario.skipReason.map { "not run: \($0)" } ?? sent.joined(separator: " · ")
        duration = scenario.duration.spacedText
        isOpen = isAlone || scenario.outcome > .skipped
        place = runAxis.place(scenario.start, lasting: scenario.duration)
        self.axis = AxisView(axis)
        startFailure = scenario.startFailure.map { FailureView($0, in: anchor, showsCommand: true) }
        hasSteps = !scenario.steps.isEmpty
        steps = scenario.steps.map { StepView($0, of: scenario.file, in: anchor, on: axis) }
        hasAudits = !scenario.audits.isEmpty
        audits = scenario.audits.map { AuditView($0, of: scenario.file, in: anchor) }
        let failing = scenario.failures.map(\.diagnostic).filter { $0.file == scenario.file }
        source = SourceLine.all(of: scenario.file, failing: failing.map(\.range), anchor: anchor)
        let rest = SourceLine.count(in: scenario.file) - source.count
        sourceNote = rest > 0 ? "\(counted(rest, "more line")), not shown" : nil
    }
}
