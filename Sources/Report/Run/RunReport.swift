import Scenario
import ScenarioRunner

/// A format of reports on a run.
package typealias RunReport = ReportFormat<RunResult>

extension RunResult: Reportable {
    package static var formats: [RunReport] { [.text, .json, .junit, .tap, .html] }

    package var notes: [String] {
        guard verdict == .undecided(.nothingChecked) else { return [] }
        let reason =
            outcome == .skipped
            ? "every scenario was skipped" : "no assertion was evaluated; add \"expect\" or \"expectAll\" to a step"
        return ["error: nothing was checked: \(reason)"]
    }
}
