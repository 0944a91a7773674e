import Audit
import Scenario
import Synchronization
import Trace

/// Records the requests of one run of a scenario for its audits. The branches of parallel steps share it.
final class AuditRecorder: Sendable {
    let plan: RequestedAudits
    /// Time zero of the traces.
    private let origin: ContinuousClock.Instant
    private let traces: Mutex<[RequestTrace]>

    /// Nil if there is nothing to record.
    ///
    /// - Parameter origin: time zero of the traces, before the first request.
    init?(_ plan: RequestedAudits, origin: ContinuousClock.Instant) {
        guard plan.count > 0 else { return nil }
        self.plan = plan
        self.origin = origin
        traces = Mutex([RequestTrace](repeating: RequestTrace(), count: plan.count))
    }

    /// - Parameters:
    ///   - requests: what was known when the request was sent.
    ///   - step: the step's id.
    func record(_ requests: [AuditedRequest], of step: String, _ exchange: Exchange) {
        guard !requests.isEmpty, exchange.mayHaveBeenReceived else { return }
        let sent = Nanoseconds(clamping: (exchange.sentAfter - origin).nanoseconds)
        let received = Nanoseconds(clamping: (exchange.start + exchange.duration - origin).nanoseconds)
        traces.withLock { traces in
            for request in requests {
                guard let observed = request.observed(exchange.response) else { continue }
                let key = request.key ?? exchange.source ?? ""
                traces[request.audit].append(observed, of: key, step: step, sent: sent, received: received)
            }
        }
    }

    /// - Parameter secrets: masked in the results.
    func results(hiding secrets: Secrets) -> [ScenarioAudit] {
        plan.results(of: traces.withLock { $0 }, hiding: secrets)
    }
}

extension RequestTrace {
    fileprivate mutating func append(
        _ observed: ObservedRequest, of key: String, step: String, sent: Nanoseconds, received: Nanoseconds
    ) {
        records.append(
            TraceRecord(
                sent: sent, received: received, key: keys.number(of: key),
                value: observed.value.map { values.number(of: $0) } ?? TraceRecord.noValue,
                user: users.number(of: "run"), step: UInt16(clamping: steps.number(of: step)),
                outcome: observed.outcome, operation: observed.operation))
    }
}

extension Exchange {
    /// Whether the server may have received the request.
    fileprivate var mayHaveBeenReceived: Bool {
        guard case .failure(let error) = result else { return true }
        return ![.invalidRequest, .refused, .resolve, .tls].contains(error.code)
    }
}
