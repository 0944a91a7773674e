import Audit

/// Reads the `audit` block.
extension ScenarioReader {
    /// - Parameter steps: the steps that audits can be about.
    mutating func auditSettings(_ node: JSONNode?, of steps: [Step]) -> AuditSettings {
        guard let node else { return AuditSettings() }
        let ids = steps.flatMap(\.requestIDs)
        if node.kind == .object, node.count == 0 {
            report(.invalidValue, "an empty audit block audits nothing", at: node.range, help: "add \"rateLimit\"")
        }
        var settings = AuditSettings(range: node.range)
        for limit in node["rateLimit"]?.oneOrMore ?? [] {
            if let limit = rateLimit(limit, of: ids) { settings.rateLimits.append(limit) }
        }
        for freshness in node["freshness"]?.oneOrMore ?? [] {
            settings.freshness.append(self.freshness(freshness, of: ids))
        }
        for stampede in node["stampede"]?.oneOrMore ?? [] {
            settings.stampedes.append(self.stampede(stampede, of: ids))
        }
        return settings
    }

    // MARK: Rate limits

    private mutating func rateLimit(_ node: JSONNode, of ids: [String]) -> RateLimitSettings? {
        let steps = stepNames(node["steps"], of: ids)
        let key = node["key"].map { repeatable($0) }
        guard let policy = node["policy"].flatMap({ self.policy($0) }) else { return nil }
        var settings = RateLimitSettings(steps: steps, key: key, policy: policy, range: node.range)
        if let statuses = node["denied"] { settings.denied = self.statuses(statuses) }
        if let statuses = node["admitted"] { settings.admitted = self.statuses(statuses) }
        if let statuses = node["ignored"] { settings.ignored = self.statuses(statuses) }
        settings.checksPromises = node["promises"]?.boolean ?? false
        return settings
    }

    /// Nil if the kind is missing or unknown, which is reported elsewhere.
    private mutating func policy(_ node: JSONNode) -> PolicyTemplate? {
        guard let name = node["kind"]?.string, let kind = PolicyTemplate.Kind(name) else { return nil }
        let keys = kind.keys
        for (key, place) in [("limit", "burst"), ("burst", "limit"), ("window", "rate"), ("rate", "window")] {
            guard key != keys.count, key != keys.time, let member = node.members.first(where: { $0.key.string == key })
            else { continue }
            report(
                .conflictingKeys, "a \(name) has no \"\(key)\"", at: member.key.range, help: "use \"\(place)\"")
        }
        guard let count = node[keys.count], let time = node[keys.time] else { return nil }
        let policy = PolicyTemplate(kind: kind, count: value(count), time: value(time), range: node.range)
        do throws(PolicyTemplate.Fault) { try policy.check() } catch {
            report(.invalidValue, error.message, at: node[error.key]?.range ?? node.range, help: error.help)
        }
        return policy
    }

    private mutating func statuses(_ node: JSONNode) -> StatusSet {
        var result = StatusSet([])
        for status in node.oneOrMore {
            let text = status.string ?? status.literal
            if let some = StatusSet(parsing: text) {
                result.formUnion(some)
            } else if status.kind == .string {
                report(
                    .invalidValue, "\"\(text)\" is not a status", at: status.range,
                    help: "use a code such as 429 or a class such as \"5xx\"")
            }
        }
        return result
    }

    // MARK: Freshness

    private mutating func freshness(_ node: JSONNode, of ids: [String]) -> FreshnessSettings {
        var settings = FreshnessSettings(
            writes: [], deletes: [], reads: [], key: node["key"].map { repeatable($0) },
            shape: node["shape"]?.string.flatMap(FreshnessPromise.Shape.init) ?? .latest, ttl: duration(node["ttl"]),
            range: node.range)
        for (key, value) in node["writes"]?.members.map({ $0 }) ?? [] {
            guard let value = writtenValue(value) else { continue }
            settings.writes.append(.init(step: stepName(key, of: ids), value: value))
        }
        for (key, path) in node["reads"]?.members.map({ $0 }) ?? [] {
            guard let path = jsonPath(path) else { continue }
            settings.reads.append(.init(step: stepName(key, of: ids), path: path))
        }
        settings.deletes = deletes(node["deletes"], settings.shape, of: ids)
        for name in ["writes", "reads"] {
            guard let member = node[name], member.kind == .object, member.count == 0 else { continue }
            report(.invalidValue, "\"\(name)\" names no step", at: member.range)
        }
        return settings
    }

    /// An object is deleted without a value; from a set, each step deletes a value.
    private mutating func deletes(
        _ node: JSONNode?, _ shape: FreshnessPromise.Shape, of ids: [String]
    ) -> [FreshnessSettings.Change] {
        guard let node else { return [] }
        switch (shape, node.kind) {
        case (.latest, .object):
            report(
                .wrongType, "a deleted object has no value", at: node.range,
                help: "use a list of steps, or \"shape\": \"contains\"")
        case (.contains, .array):
            report(
                .wrongType, "the audit must know which value each step deletes", at: node.range,
                help: "use an object of steps and values, as in \"writes\"")
        default: break
        }
        if node.kind == .array { return stepNames(node, of: ids).map { .init(step: $0, value: nil) } }
        var result: [FreshnessSettings.Change] = []
        for (key, value) in node.members.map({ $0 }) {
            result.append(.init(step: stepName(key, of: ids), value: writtenValue(value)))
        }
        return result
    }

    private mutating func writtenValue(_ node: JSONNode) -> FreshnessSettings.WrittenValue? {
        if node.kind == .string { return .template(repeatable(node)) }
        if let path = node["request"] { return jsonPath(path).map { .request($0) } }
        return node["response"].flatMap { jsonPath($0) }.map { .response($0) }
    }

    // MARK: Stampedes

    private mutating func stampede(_ node: JSONNode, of ids: [String]) -> StampedeSettings {
        let miss = expectation(node["miss"])
        if let place = node["miss"], miss.count == 0 {
            report(
                .invalidValue, "every response would count as one from the origin", at: place.range,
                help: "for example {\"json\": {\"$.source\": \"database\"}}")
        }
        return StampedeSettings(
            reads: stepNames(node["reads"], of: ids), writes: stepNames(node["writes"], of: ids),
            key: node["key"].map { repeatable($0) }, miss: miss, limit: node["limit"]?.number?.int ?? 1,
            ttl: duration(node["ttl"]), range: node.range)
    }

    // MARK: Parts

    /// Names of request steps.
    private mutating func stepNames(_ node: JSONNode?, of ids: [String]) -> [String] {
        var names: [String] = []
        for element in node?.elements.map({ $0 }) ?? [] { names.append(stepName(element, of: ids)) }
        return names
    }

    private mutating func stepName(_ node: JSONNode, of ids: [String]) -> String {
        let name = node.string ?? ""
        if node.kind == .string, !ids.contains(name) {
            report(
                .invalidValue, "there is no request step \"\(name)\"", at: node.range,
                help: Suggestion.help(for: name, among: ids))
        }
        return name
    }

    /// A template that renders to the same text as long as its variables stay the same. It is rendered apart from the
    /// request, so any other would render to something that was not sent.
    private mutating func repeatable(_ node: JSONNode) -> Template {
        let template = template(node)
        if let function = template.expressions.lazy.compactMap(\.changingFunction).first {
            report(
                .invalidValue, "\(function.rawValue)() gives a new value here, not the one in the request",
                at: node.range, help: "capture the value, or put it under \"variables\"")
        }
        return template
    }
}

extension JSONNode {
    /// The elements of an array; any other value alone.
    fileprivate var oneOrMore: [JSONNode] { kind == .array ? elements.map { $0 } : [self] }
}

extension Expression {
    /// A function in it that gives a new value with each call.
    fileprivate var changingFunction: TemplateFunction? {
        guard case .call(let function, let arguments) = self else { return nil }
        switch function {
        case .uuid, .now, .randomInt, .randomString, .counter: return function
        default: return arguments.lazy.compactMap(\.changingFunction).first
        }
    }
}
