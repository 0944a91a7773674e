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
    /// - Parameter traces: one for each audit, in order.
    package func results(of traces: [RequestTrace]) -> [ScenarioAudit] {
        var results: [ScenarioAudit] = []
        for (limit, trace) in zip(rateLimits, traces) {
            var plan = AuditPlan()
            plan.rateLimits = [limit.policy]
            let result = AuditResult(of: trace, from: [], plan)
            results += result.findings.map { ScenarioAudit($0, range: limit.settings.policy.range) }
        }
        for (settings, trace) in zip(freshness, traces.dropFirst(rateLimits.count)) {
            let audit = FreshnessAudit(KeyedTrace(trace), FreshnessPromise(.latest))
            // The algorithm does not know deletions.
            let findings = audit.findings.filter { settings.deletes.isEmpty || $0.audit != "linearizability" }
            results += findings.map { ScenarioAudit($0, range: settings.range) }
        }
        return results
    }
}
