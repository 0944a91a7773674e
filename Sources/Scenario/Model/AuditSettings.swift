/// Promises of the server about a whole run, judged by when requests were sent and when their responses arrived.
///
/// Each audit has its own records: a request that two audits are about is recorded once for each.
package struct AuditSettings: Sendable {
    package var rateLimits: [RateLimitSettings] = []
    package var freshness: [FreshnessSettings] = []
    package var stampedes: [StampedeSettings] = []
    /// Byte offsets of the block in the file.
    package var range = 0..<0

    package var isEmpty: Bool { rateLimits.isEmpty && freshness.isEmpty && stampedes.isEmpty }
}

extension AuditSettings {
    /// The templates that are rendered for requests of a step, each with its audit's byte offsets in the file.
    func templates(for step: String) -> [(template: Template, range: Range<Int>)] {
        var result: [(Template, Range<Int>)] = []
        for limit in rateLimits where limit.steps.contains(step) {
            if let key = limit.key { result.append((key, limit.range)) }
        }
        for freshness in freshness where freshness.steps.contains(step) {
            if let key = freshness.key { result.append((key, freshness.range)) }
            for change in freshness.writes + freshness.deletes where change.step == step {
                if case .template(let value)? = change.value { result.append((value, freshness.range)) }
            }
        }
        for stampede in stampedes where stampede.steps.contains(step) {
            if let key = stampede.key { result.append((key, stampede.range)) }
        }
        return result
    }
}

extension FreshnessSettings {
    /// Ids of all steps that it is about.
    package var steps: [String] { writes.map(\.step) + deletes.map(\.step) + reads.map(\.step) }
}
