import Audit
import Scenario
import Trace

/// The audits that a scenario asks for, with the numbers of their policies.
package struct RequestedAudits: Sendable {
    package let rateLimits: [RateLimit]
    package let freshness: [FreshnessSettings]

    package struct RateLimit: Sendable {
        package var settings: RateLimitSettings
        package var policy: RateLimitPolicy
    }

    /// - Parameter scope: the scenario's initial variables.
    /// - Throws: a diagnostic at a policy whose numbers cannot be rendered or are not valid.
    package init(_ scenario: Scenario, in scope: Scope) throws(Diagnostic) {
        var rateLimits: [RateLimit] = []
        for settings in scenario.audit.rateLimits {
            let range = settings.policy.range
            do {
                rateLimits.append(RateLimit(settings: settings, policy: try settings.policy.policy(in: scope)))
            } catch let fault as PolicyTemplate.Fault {
                throw Diagnostic(.invalidValue, fault.message, in: scenario.file, at: range, help: fault.help)
            } catch {
                throw Diagnostic(.rendering, "could not render a policy: \(error)", in: scenario.file, at: range)
            }
        }
        self.rateLimits = rateLimits
        freshness = scenario.audit.freshness
    }

    /// The number of audits. Each has a trace of its own: first the rate limits, then the freshness audits.
    package var count: Int { rateLimits.count + freshness.count }

    /// Audits the traces.
    ///
    /// - Parameters:
    ///   - traces: one for each audit, in order.
    ///   - secrets: masked in the results.
    package func results(of traces: [RequestTrace], hiding secrets: Secrets) -> [ScenarioAudit] {
        var results: [ScenarioAudit] = []
        for (limit, trace) in zip(rateLimits, traces) {
            var plan = AuditPlan()
            plan.rateLimits = [limit.policy]
            let findings = AuditResult(of: trace, from: [], plan).findings
            results += findings.map { ScenarioAudit($0, range: limit.settings.policy.range) }
        }
        for (settings, trace) in zip(freshness, traces.dropFirst(rateLimits.count)) {
            var plan = AuditPlan()
            plan.freshness = FreshnessPromise(.latest)
            var findings = AuditResult(of: trace.withoutUnclearObjects, from: [], plan).findings
            // The algorithm does not know deletions.
            if !settings.deletes.isEmpty { findings.removeAll { $0.audit == "linearizability" } }
            results += findings.map { ScenarioAudit($0, range: settings.range) }
        }
        return results.map { $0.redacted(by: secrets) }
    }
}

extension RequestTrace {
    /// The trace without objects that have a write whose value is not known. A read may show that value, so reads of
    /// them prove nothing.
    fileprivate var withoutUnclearObjects: RequestTrace {
        let unclear = Set(
            records.lazy.filter { $0.operation == .write && $0.value == TraceRecord.noValue }.map(\.key))
        guard !unclear.isEmpty else { return self }
        var clear = self
        clear.records.removeAll { unclear.contains($0.key) }
        return clear
    }
}
