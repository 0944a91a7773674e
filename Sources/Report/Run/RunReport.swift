import Scenario
import ScenarioRunner

/// The reports of a run that go to files. Each is a function of the result tree and of nothing else.
package enum RunReport {}

extension RunReport {
    /// By its name on the command line.
    package enum Format: String, CaseIterable, Hashable, Sendable {
        case json, junit, tap, html

        /// The report as the text of its file.
        package func render(_ result: RunResult) throws -> String {
            switch self {
            case .json: RunReport.json(result).serialized(indent: 2) + "\n"
            case .junit: RunReport.junit(result)
            case .tap: RunReport.tap(result)
            case .html: try RunReport.html(result)
            }
        }
    }
}
