import Audit
import Foundation
import Scenario
import ScenarioRunner
import Trace

/// The audits that a load's scenario asks for: what is recorded for each, and the verdicts on it.
///
/// Each audit has a trace of its own in a temporary file, because one request may belong to several audits with
/// different keys.
struct LoadAudits: Sendable {
    private let audits: RequestedAudits
    private let paths: [String]

    /// - Parameter scope: the scenario's initial variables.
    /// - Throws: a diagnostic at a policy that is not valid.
    init(_ scenario: Scenario, in scope: Scope) throws(Diagnostic) {
        audits = try RequestedAudits(scenario, in: scope)
        let directory = FileManager.default.temporaryDirectory
        paths = audits.all.map { _ in
            directory.appending(path: "gauntlet-\(UUID().uuidString).trace").path(percentEncoded: false)
        }
    }

    /// The number of audits. Each has a trace of its own.
    var count: Int { audits.all.count }

    /// What to record for each audit, and where.
    func traces(of plan: LoadPlan, scope: RunScope) -> [(plan: TracePlan, path: String)] {
        let steps = plan.steps.map(\.id)
        return zip(audits.all, paths).map { (TracePlan($0, steps: steps, scope: scope), $1) }
    }

    /// Audits what was recorded.
    /// - Parameters:
    ///   - recorded: one for each audit, in order.
    ///   - secrets: masked in the findings.
    func findings(on recorded: [TraceSummary], hiding secrets: Secrets) -> [AuditFinding] {
        let traces = recorded.map(Self.trace)
        return audits.results(of: traces.map(\.trace), hiding: secrets).map(\.finding)
            + traces.compactMap(\.failure).map { failure in
                .undecided("recording", because: "The requests could not be recorded for the audit: \(failure).")
            }
    }

    /// Removes the temporary files.
    func removeFiles() { for path in paths { try? FileManager.default.removeItem(atPath: path) } }

    /// What was recorded, as far as it can be read.
    private static func trace(_ summary: TraceSummary) -> (trace: RequestTrace, failure: String?) {
        var trace = RequestTrace()
        do {
            if try trace.append(path: summary.path) { return (trace, summary.failure) }
            trace.gap = TraceGap(isCutOff: true)
            return (trace, summary.failure ?? "\(summary.path) cannot be read")
        } catch {
            trace.gap = TraceGap(isCutOff: true)
            return (trace, summary.failure ?? "\(error)")
        }
    }
}
