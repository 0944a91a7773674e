import JSONDocuments
import Probe
import Scenario

/// A scenario that passes as long as a limiter behaves as a probe found it.
///
/// Its steps use up the limit, come back shortly before and shortly after requests should be admitted again, and an
/// audit compares all of it with the policy.
package struct PinnedLimit: Sendable {
    /// The scenario's file.
    package let text: String

    /// - Parameters:
    ///   - summary: what the probe found, for a comment.
    ///   - denied: the statuses of denials.
    ///   - admitted: the statuses that the probe saw otherwise.
    /// - Returns: nil if too little is known.
    package init?(
        _ findings: LimitFindings, of request: PinnedRequest, summary: String, denied: Set<Int>, admitted: Set<Int>
    ) {
        guard let plan = PinnedPlan(findings), let requestValue = request.request() else { return nil }
        var members = JSONObject()
        members["name"] = "the limiter behaves as it did"
        for (name, value) in request.members() { members[name] = value }
        let statuses = JSON.array((denied.union(admitted)).sorted().map { .number(JSONNumber($0)) })
        var limit = JSONObject()
        limit["steps"] = .array(plan.requests.map { .string($0.id) })
        limit["policy"] = plan.policy
        if denied != [429] { limit["denied"] = .array(denied.sorted().map { .number(JSONNumber($0)) }) }
        if let other = Self.uncommon(admitted) { limit["admitted"] = other }
        if plan.checksPromises { limit["promises"] = true }
        members["audit"] = ["rateLimit": .object(limit)]
        members["steps"] = .array(plan.steps.map { $0.json(requestValue, statuses: statuses) })
        text = PinnedRequest.comment(summary) + JSON.object(members).serialized(indent: 2) + "\n"
    }

    /// The statuses of admitted requests if the audit would not take all of them as such.
    private static func uncommon(_ admitted: Set<Int>) -> JSON? {
        guard admitted.contains(where: { !(200..<400).contains($0) }) else { return nil }
        return .array(admitted.sorted().map { .number(JSONNumber($0)) })
    }
}
