import Audit
import Scenario
import Trace

/// The audits that a scenario asks for. Each has a trace of its own.
package struct RequestedAudits: Sendable {
    package let all: [RequestedAudit]

    /// - Parameter scope: the scenario's initial variables.
    /// - Throws: a diagnostic at a policy whose numbers cannot be rendered or are not valid.
    package init(_ scenario: Scenario, in scope: Scope) throws(Diagnostic) {
        var all: [RequestedAudit] = []
        for settings in scenario.audit.rateLimits {
            all.append(RequestedAudit(settings, try settings.policy.policy(in: scope, of: scenario.file)))
        }
        all += scenario.audit.freshness.map { RequestedAudit($0) }
        all += scenario.audit.stampedes.map { RequestedAudit($0) }
        self.all = all
    }

    /// Audits the traces.
    ///
    /// - Parameters:
    ///   - traces: one for each audit, in order.
    ///   - secrets: masked in the results.
    package func results(of traces: [RequestTrace], hiding secrets: Secrets) -> [ScenarioAudit] {
        zip(all, traces).flatMap { audit, trace in audit.results(of: trace) }.map { $0.redacted(by: secrets) }
    }
}

/// An audit that a scenario asks for: the requests that it is about, and the promise.
package struct RequestedAudit: Sendable {
    package enum Subject: Sendable {
        case rateLimit(RateLimitSettings)
        case freshness(FreshnessSettings)
        case stampede(StampedeSettings)
    }

    package let subject: Subject
    package let plan: AuditPlan
    /// Byte offsets in the file.
    package let range: Range<Int>

    init(_ settings: RateLimitSettings, _ policy: RateLimitPolicy) {
        subject = .rateLimit(settings)
        range = settings.policy.range
        var plan = AuditPlan()
        plan.rateLimits = [policy]
        plan.checksPromises = settings.checksPromises
        self.plan = plan
    }

    init(_ settings: FreshnessSettings) {
        subject = .freshness(settings)
        range = settings.range
        var plan = AuditPlan()
        plan.freshness = FreshnessPromise(settings.shape, timeToLive: settings.ttl?.traceTime)
        self.plan = plan
    }

    init(_ settings: StampedeSettings) {
        subject = .stampede(settings)
        range = settings.range
        var plan = AuditPlan()
        plan.stampede = StampedePromise(limit: settings.limit)
        plan.stampede?.timeToLive = settings.ttl?.traceTime
        self.plan = plan
    }

    func results(of trace: RequestTrace) -> [ScenarioAudit] {
        guard case .freshness(let settings) = subject else {
            return AuditResult(of: trace, from: [], plan).findings.map { ScenarioAudit($0, range: range) }
        }
        var findings = AuditResult(of: trace.withoutUnclearObjects(settings.shape), from: [], plan).findings
        // The algorithm does not know deletions of objects.
        if settings.shape == .latest, !settings.deletes.isEmpty { findings.removeAll { $0.audit == "linearizability" } }
        return findings.map { ScenarioAudit($0, range: range) }
    }
}

extension RequestedAudit.Subject {
    /// Ids of the steps that it is about.
    package var steps: [String] {
        switch self {
        case .rateLimit(let settings): settings.steps
        case .freshness(let settings): settings.steps
        case .stampede(let settings): settings.steps
        }
    }

    /// The expressions in its templates.
    package var expressions: [Expression] {
        switch self {
        case .rateLimit(let settings): return settings.key?.expressions ?? []
        case .freshness(let settings):
            let values = (settings.writes + settings.deletes).compactMap(\.value).flatMap(\.expressions)
            return values + (settings.key?.expressions ?? [])
        case .stampede(let settings):
            let miss = settings.miss.assertions.flatMap(\.matcher.expressions)
            return miss + (settings.key?.expressions ?? [])
        }
    }
}

extension FreshnessSettings.WrittenValue {
    fileprivate var expressions: [Expression] {
        if case .template(let template) = self { template.expressions } else { [] }
    }
}

extension Duration {
    fileprivate var traceTime: Nanoseconds { Nanoseconds(clamping: nanoseconds) }
}

extension PolicyTemplate {
    fileprivate func policy(in scope: Scope, of file: SourceFile) throws(Diagnostic) -> RateLimitPolicy {
        do { return try policy(in: scope) } catch let fault as Fault {
            throw Diagnostic(.invalidValue, fault.message, in: file, at: range, help: fault.help)
        } catch {
            throw Diagnostic(.rendering, "could not render a policy: \(error)", in: file, at: range)
        }
    }
}

extension RequestTrace {
    /// The trace without objects that have a change whose value is not known. A read may show that value, so reads of
    /// them prove nothing. A deletion has a value if the object is a set.
    fileprivate func withoutUnclearObjects(_ shape: FreshnessPromise.Shape) -> RequestTrace {
        let unclear = Set(
            records.lazy.filter { record in
                guard record.value == TraceRecord.noValue else { return false }
                return record.operation == .write || record.operation == .delete && shape == .contains
            }.map(\.key))
        guard !unclear.isEmpty else { return self }
        var clear = self
        clear.records.removeAll { unclear.contains($0.key) }
        return clear
    }
}
