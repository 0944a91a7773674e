import Load
import Scenario
import Trace

/// A format of reports on a load.
package typealias LoadReport = ReportFormat<EvaluatedLoad>

extension EvaluatedLoad: Reportable {
    package static var formats: [LoadReport] { [.text, .json, .csv] }

    package var notes: [String] {
        misalignments.map(\.note) + [trace?.note].compactMap(\.self)
            + (reasonUnproved.map { ["error: \($0)"] } ?? warnings)
    }

    private var reasonUnproved: String? {
        if result.responses == 0 { return "no request got a response" }
        return verdict == .undecided(.nothingChecked)
            ? "nothing was checked: no step with an assertion got a response" : nil
    }

    /// A benchmark without assertions passes whatever the responses are, so 5xx responses get a warning.
    private var warnings: [String] {
        let failed = result.statuses.filter { $0.key >= 500 }.values.reduce(0, +)
        guard !result.hasAssertions, thresholds.isEmpty, failed > 0 else { return [] }
        return [
            "warning: \(failed) of \(result.responses) responses have a 5xx status, "
                + "and no assertion checks the status"
        ]
    }
}

extension Misalignment {
    fileprivate var note: String {
        "note: the seconds of \(name) are \(milliseconds) ms off those of \(first); aligning to the nearest second"
    }
}

extension TraceSummary {
    /// What is missing from the file; nil if nothing is.
    package var note: String? {
        if let failure { return "error: \(failure)" }
        return lost > 0
            ? "warning: \(path) lacks \(NumberText.count(Int(clamping: lost))) requests, because writing did not keep up"
            : nil
    }
}
