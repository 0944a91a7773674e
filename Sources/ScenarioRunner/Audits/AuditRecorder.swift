import Audit
import Scenario
import Synchronization
import Trace

/// Records the requests of one run of a scenario for its audits. The branches of parallel steps share it.
final class AuditRecorder: Sendable {
    let plan: RequestedAudits
    /// Time zero of the traces.
    private let origin: ContinuousClock.Instant
    private let records: Mutex<[AuditRecords]>

    /// Nil if there is nothing to record.
    ///
    /// - Parameter origin: time zero of the traces, before the first request.
    init?(_ plan: RequestedAudits, origin: ContinuousClock.Instant) {
        guard plan.count > 0 else { return nil }
        self.plan = plan
        self.origin = origin
        records = Mutex([AuditRecords](repeating: AuditRecords(), count: plan.count))
    }

    /// - Parameters:
    ///   - requests: what was known when the request was sent.
    ///   - step: the step's id.
    func record(_ requests: [AuditedRequest], of step: String, _ exchange: Exchange) {
        guard !requests.isEmpty, exchange.mayHaveBeenReceived else { return }
        let sent = Nanoseconds(clamping: (exchange.sentAfter - origin).nanoseconds)
        let received = Nanoseconds(clamping: (exchange.start + exchange.duration - origin).nanoseconds)
        records.withLock { records in
            for request in requests {
                guard let observed = request.observed(exchange.response) else { continue }
                let key = request.key ?? exchange.source ?? ""
                records[request.audit].append(observed, of: key, step: step, sent: sent, received: received)
            }
        }
    }

    /// - Parameter secrets: masked in the results.
    func results(hiding secrets: Secrets) -> [ScenarioAudit] {
        let traces = records.withLock { $0.map(\.clearTrace) }
        return plan.results(of: traces).map { $0.redacted(by: secrets) }
    }
}

/// The records of one audit.
private struct AuditRecords {
    private var trace = RequestTrace()
    /// Objects with a write whose value is not known. A read may show that value, so reads of them prove nothing.
    private var unclear: Set<String> = []

    mutating func append(
        _ observed: ObservedRequest, of key: String, step: String, sent: Nanoseconds, received: Nanoseconds
    ) {
        if observed.isUnclear { unclear.insert(key) }
        let record = TraceRecord(
            sent: sent, received: received, key: trace.keys.number(of: key),
            value: observed.value.map { trace.values.number(of: $0) } ?? TraceRecord.noValue,
            user: trace.users.number(of: "run"), step: UInt16(clamping: trace.steps.number(of: step)),
            outcome: observed.outcome, operation: observed.operation)
        trace.records.append(record)
    }

    /// The trace without unclear objects.
    var clearTrace: RequestTrace {
        guard !unclear.isEmpty else { return trace }
        var clear = trace
        clear.records.removeAll { unclear.contains(trace.keys[$0.key]) }
        return clear
    }
}

extension Exchange {
    /// Whether the server may have received the request.
    fileprivate var mayHaveBeenReceived: Bool {
        guard case .failure(let error) = result else { return true }
        return ![.invalidRequest, .refused, .resolve, .tls].contains(error.code)
    }
}
