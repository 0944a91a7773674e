import Trace

/// One audit's verdict with its evidence. Every report of a run, a load or an audit shows it.
package struct AuditFinding: Equatable, Sendable {
    package struct Witness: Equatable, Sendable {
        package var key: String
        /// Nanoseconds since the trace began.
        package var sent: Int64
        /// Nil without a response.
        package var received: Int64?
        /// What the request did, for audits of reads and writes: `read "3"`.
        package var what: String?
    }

    /// What was audited, such as `sliding-window:5/10s admissions`.
    package var audit = ""
    package var verdict: AuditVerdict
    /// What was observed and what was promised.
    package var sentence: String
    /// What limits the precision, if other histories that the trace allows do not comply.
    package var resolution: String?
    package var witnesses: [Witness] = []
    /// The number of requests examined.
    package var examined: Int
    /// The number of breaches: keys for a limit's admissions, requests for denials and reads, objects for
    /// linearizability.
    package var breaches = 0

    /// For freshness: how often reads were stale, by the time since the last acknowledged write.
    package var curve: [StalenessCurve.Bin] = []
    /// For stampedes: how many reads reached the origin for each fill.
    package var fills: [FillCount] = []

    /// The most witnesses shown.
    package static let mostWitnesses = 20

    /// The finding of an audit that could not be carried out.
    package static func undecided(_ audit: String, because sentence: String) -> AuditFinding {
        AuditFinding(audit: audit, verdict: .undecided, sentence: sentence, examined: 0)
    }

    /// The finding under the name of its audit.
    package func named(_ audit: String) -> AuditFinding {
        var named = self
        named.audit = audit
        return named
    }
}

extension [AuditFinding] {
    /// The worst verdict; nil if nothing was audited.
    package var worst: AuditVerdict? { map(\.verdict).max() }
}

extension AuditFinding {
    /// States what the trace lacks and how its times were widened. An incomplete trace decides nothing.
    mutating func qualify(clockBound: Nanoseconds, gap: TraceGap?) {
        if let gap {
            let missing =
                gap.isCutOff
                ? "The trace was cut off, so requests are missing."
                : "The trace is incomplete: \(gap.lost) requests were not recorded."
            sentence = verdict == .undecided ? "\(missing) \(sentence)" : "\(missing) Of those in it: \(sentence)"
            verdict = .undecided
        }
        if clockBound > 0 {
            let widened =
                "Every interval was widened by \(seconds(Int64(clamping: clockBound))), the bound on the clock offset."
            resolution = resolution.map { "\($0) \(widened)" } ?? widened
        }
    }
}
