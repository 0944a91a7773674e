import Audit
import Foundation
import TestSupport
import Trace

/// What all simulations share.
enum Simulation {
    /// The number of random traces for each kind of server. Can be raised:
    /// `AUDIT_TRACES=100000 swift test -c release --filter AuditTests`.
    static let traces = ProcessInfo.processInfo.environment["AUDIT_TRACES"].flatMap(Int.init) ?? 300

    /// How wide the intervals between sending and response are, in percent of the window.
    static let overlaps: [Int64] = [0, 1, 10, 50, 150]

    /// The interval that a client sees of a decision.
    static func interval(around instant: Int64, width: Int64, _ random: inout SeededGenerator) -> Interval {
        Interval(sent: max(0, instant - random.int(0...width)), received: instant + random.int(0...width))
    }

    /// A record of the request; times are moved by a base so that they are positive.
    static func record(
        _ interval: Interval, key: UInt32 = 0, value: UInt32? = nil, user: UInt32 = 0, responseClass: UInt8? = nil,
        outcome: TraceRecord.Outcome = .admitted, operation: TraceRecord.Operation = .none
    ) -> TraceRecord {
        TraceRecord(
            sent: UInt64(interval.sent), received: UInt64(interval.received), key: key,
            value: value ?? TraceRecord.noValue, user: user, responseClass: responseClass ?? TraceRecord.noClass,
            outcome: outcome, operation: operation)
    }

    /// A trace with the names that the records need.
    static func trace(_ records: [TraceRecord], values: [String] = []) -> RequestTrace {
        var trace = RequestTrace()
        trace.records = records
        for (name, table) in [("s", \RequestTrace.steps), ("k", \RequestTrace.keys)] {
            _ = trace[keyPath: table].number(of: name)
        }
        for user in 0..<8 { _ = trace.users.number(of: "user \(user)") }
        for value in values { _ = trace.values.number(of: value) }
        for name in ["hit", "miss"] { _ = trace.classes.number(of: name) }
        return trace
    }
}

/// Counts verdicts by how much the intervals overlap.
struct VerdictShares {
    private var counts: [Int64: [AuditVerdict: Int]] = [:]

    mutating func note(_ verdict: AuditVerdict, overlap: Int64) {
        counts[overlap, default: [:]][verdict, default: 0] += 1
    }

    /// The verdicts that were given at all.
    var seen: Set<AuditVerdict> { Set(counts.values.flatMap(\.keys)) }

    /// Prints the shares in a long run.
    func print(_ name: String) {
        guard Simulation.traces > 10_000 else { return }
        for (overlap, verdicts) in counts.sorted(by: { $0.key < $1.key }) {
            let all = Double(verdicts.values.reduce(0, +))
            let shares = [AuditVerdict.failed, .proved, .consistent, .undecided].map { verdict in
                "\(verdict) \((1000 * Double(verdicts[verdict] ?? 0) / all).rounded() / 10)%"
            }
            Swift.print("\(name), intervals up to \(overlap)% of the window: \(shares.joined(separator: ", "))")
        }
    }
}
