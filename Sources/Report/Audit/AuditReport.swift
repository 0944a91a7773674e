import Audit
import Foundation

/// The verdicts on one trace; every audit report is made from this.
package struct AuditReport: Sendable {
    package struct Entry: Sendable {
        /// What was audited, such as `sliding-window:5/10s admissions`.
        package var name: String
        package var finding: AuditFinding

        package init(name: String, finding: AuditFinding) {
            self.name = name
            self.finding = finding
        }
    }

    /// The traces' paths.
    package var traces: [String]
    package var requests: Int
    package var entries: [Entry]
    /// The bound on the clock offset, in nanoseconds; every interval was widened by it.
    package var clockBound: UInt64

    package init(traces: [String], requests: Int, entries: [Entry], clockBound: UInt64) {
        self.traces = traces
        self.requests = requests
        self.entries = entries
        self.clockBound = clockBound
    }

    /// The worst verdict; undecided if nothing was audited.
    package var verdict: AuditVerdict { entries.map(\.finding.verdict).max() ?? .undecided }
}
