extension ScenarioReader {
    mutating func loadSettings(_ node: JSONNode?, of steps: [Step]) -> LoadSettings {
        let classes =
            node?["classes"]?.members.map {
                LoadSettings.ResponseClass(name: $0.key.string ?? "", expectation: expectation($0.value))
            } ?? []
        return LoadSettings(
            virtualUsers: node?["virtualUsers"]?.number?.int,
            addresses: node?["addresses"]?.number?.int,
            arrivals: arrivals(node),
            seed: node?["seed"]?.number?.int.map { UInt64(clamping: $0) },
            duration: measuredTime(node?["duration"]),
            warmUp: duration(node?["warmUp"]),
            maximumRequests: node?["maxRequests"]?.number?.int,
            isSetUpPerUser: node?["setup"]?.string == "perUser",
            waitsWhenDenied: node?["onDenied"]?.string == "wait",
            classes: classes,
            thresholds: node?["thresholds"]?.members.flatMap {
                thresholds($0.key, $0.value, steps: steps.flatMap(\.requestIDs), classes: classes.map(\.name))
            } ?? [])
    }

    private mutating func measuredTime(_ node: JSONNode?) -> Duration? {
        let duration = duration(node)
        if let node, duration == .zero {
            report(.invalidValue, "\"duration\" must be greater than zero", at: node.range, help: "for example \"10s\"")
        }
        return duration
    }

    private mutating func arrivals(_ node: JSONNode?) -> LoadSettings.Arrivals? {
        guard let node else { return nil }
        let model = node["model"]
        let hasRate = node["rate"] != nil || node["stages"] != nil
        if let model, model.string == "open", !hasRate {
            report(
                .missingKey, "the open model needs \"rate\" or \"stages\"", at: model.range,
                help: "for example \"rate\": \"100/s\"")
        }
        if model?.string == "closed" || !hasRate {
            for key in ["rate", "stages", "arrivals"] {
                guard let member = node.members.first(where: { $0.key.string == key }) else { continue }
                report(
                    .conflictingKeys, "\"\(key)\" applies only to the open model", at: member.key.range,
                    help: "set \"model\": \"open\" and a \"rate\", or remove it")
            }
        }
        guard hasRate else { return nil }
        let arrivals = LoadSettings.Arrivals(
            rate: rate(node["rate"]),
            stages: node["stages"]?.elements.map { stage in
                LoadSettings.Stage(
                    target: rate(stage["to"]) ?? Rate(perSecond: 0), duration: duration(stage["over"]) ?? .zero)
            } ?? [],
            arePoisson: node["arrivals"]?.string == "poisson")
        let rates = [arrivals.rate].compactMap(\.self) + arrivals.stages.map(\.target)
        if rates.allSatisfy({ $0.perSecond == 0 }), let place = node["rate"] ?? node["stages"] {
            report(
                .invalidValue, "every rate is zero, so no iteration would ever start", at: place.range,
                help: "for example \"rate\": \"100/s\"")
        }
        return arrivals
    }

    private mutating func rate(_ node: JSONNode?) -> Rate? {
        guard let node, let text = node.string else { return nil }
        guard let rate = Rate(parsing: text) else {
            report(
                .invalidValue, "\"\(text)\" is not a valid rate", at: node.range,
                help: "for example 2000/s, 0.5/s or 90/min")
            return nil
        }
        return rate
    }
}

extension Step {
    /// Ids of the request steps in this step.
    var requestIDs: [String] {
        switch action {
        case .request: [id]
        case .parallel(let steps), .group(let steps): steps.flatMap(\.requestIDs)
        case .sleep, .call: []
        }
    }
}
