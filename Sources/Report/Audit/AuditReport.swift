import Audit
import Scenario

/// A format of reports on an audit.
package typealias AuditReport = ReportFormat<AuditResult>

extension AuditResult: Reportable {
    package static var formats: [AuditReport] { [.text, .json, .csv, .junit, .tap] }

    package var verdict: OverallVerdict {
        switch worst {
        case .proved, .consistent: .passed
        case .undecided: .undecided(.incomplete)
        case .failed: .failed
        }
    }

    package var notes: [String] { [] }
}
