import Scenario
import ScenarioRunner

/// The reports of a run that are written to files. Each is a pure function of the result tree.
package enum RunReport {}

extension RunReport {
    /// A report format; the raw value is its name on the command line.
    package enum Format: String, CaseIterable, Hashable, Sendable {
        case json, junit, tap, html

        /// The content of the report's file.
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
