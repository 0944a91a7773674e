import Audit
import Scenario
import Synchronization
import Trace

/// Records the requests of one run of a scenario for its audits. The branches of parallel steps share it.
final class AuditRecorder: Sendable {
    let audits: RequestedAudits
    /// Time zero of the traces.
    private let origin: ContinuousClock.Instant
    private let traces: Mutex<[RequestTrace]>

    /// Nil if there is nothing to record.
    ///
    /// - Parameter origin: time zero of the traces, before the first request.
    init?(_ audits: RequestedAudits, origin: ContinuousClock.Instant) {
        guard !audits.all.isEmpty else { return nil }
        self.audits = audits
        self.origin = origin
        traces = Mutex([RequestTrace](repeating: RequestTrace(), count: audits.all.count))
    }

    /// What the audits record of a request: the part that is known when it is sent.
    struct NotedRequest {
        /// The audit's place among all.
        var audit: Int
        var request: AuditedRequest
    }

    /// Notes what a step's request is about, in the scope that it was rendered in.
    func note(_ request: Request, of step: String, in scope: Scope) throws(TemplateError) -> [NotedRequest] {
        var noted: [NotedRequest] = []
        for (index, audit) in audits.all.enumerated() {
            let requests = try audit.requests(of: step, body: { request.body }, in: scope)
            noted += requests.map { NotedRequest(audit: index, request: $0) }
        }
        return noted
    }

    /// - Parameter step: the step's id.
    func record(_ requests: [NotedRequest], of step: String, _ exchange: Exchange) {
        guard !requests.isEmpty, exchange.mayHaveBeenReceived else { return }
        let (sent, received) = exchange.interval(since: origin)
        traces.withLock { traces in
            for noted in requests {
                guard let observed = noted.request.observed(exchange.response) else { continue }
                let key = noted.request.key ?? exchange.source ?? ""
                traces[noted.audit].append(observed, of: key, step: step, sent: sent, received: received)
            }
        }
    }

    /// - Parameter secrets: masked in the results.
    func results(hiding secrets: Secrets) -> [ScenarioAudit] {
        audits.results(of: traces.withLock { $0 }, hiding: secrets)
    }
}

extension RequestTrace {
    fileprivate mutating func append(
        _ observed: ObservedRequest, of key: String, step: String, sent: Nanoseconds, received: Nanoseconds
    ) {
        let record = TraceRecord(
            sent: sent, received: received, key: keys.number(of: key),
            value: observed.value.map { values.number(of: $0) } ?? TraceRecord.noValue,
            user: users.number(of: "run"), step: UInt16(clamping: steps.number(of: step)),
            responseClass: observed.className.map { UInt8(clamping: classes.number(of: $0)) } ?? TraceRecord.noClass,
            outcome: observed.outcome, operation: observed.operation)
        records.append(record)
        let fields = observed.fields
        guard !fields.isEmpty else { return }
        promises.append(RateLimitPromise(record, retryAfter: fields.retryAfter, remaining: fields.remaining))
    }
}

extension Exchange {
    /// Whether the server may have received the request.
    var mayHaveBeenReceived: Bool {
        guard case .failure(let error) = result else { return true }
        return ![.invalidRequest, .refused, .resolve, .tls].contains(error.code)
    }

    /// When it was sent and when its response had been read, or it was given up, in nanoseconds since time zero.
    func interval(since origin: ContinuousClock.Instant) -> (sent: Nanoseconds, received: Nanoseconds) {
        (
            Nanoseconds(clamping: (sentAfter - origin).nanoseconds),
            Nanoseconds(clamping: (start + duration - origin).nanoseconds)
        )
    }
}
