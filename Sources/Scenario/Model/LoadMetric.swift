/// A metric of a load's result, as thresholds name it: `p99`, `read.p99`, `classes.hit.share`,
/// `read.classes.hit.service.p50`.
package struct LoadMetric: Hashable, Sendable {
    /// The responses that the metric covers.
    package struct Scope: Hashable, Sendable {
        /// The step's `id`; nil for all steps.
        package var step: String?
        /// The class's name; nil for all responses.
        package var className: String?
    }

    package enum Measure: Hashable, Sendable {
        case count
        /// Responses per second.
        case rate
        /// A class's share of its step's responses, or a step's share of all responses.
        case share
        case responseTime(Statistic)
        case serviceTime(Statistic)
        /// Failed exchanges, and their share of all exchanges.
        case errors, errorShare
        /// Responses with a failed assertion, and their share of all responses.
        case failedResponses, failedResponseShare
        /// Arrivals of the open model.
        case offered
        /// How late the load generator sent requests.
        case generatorLag(Statistic)
        /// How long requests waited for a free virtual user.
        case serverLag(Statistic)
    }

    package enum Statistic: Hashable, Sendable {
        case min, mean, max
        case percentile(Double)
    }

    package var scope: Scope
    package var measure: Measure

    /// Parses a metric's name. Nil if there is no such metric.
    ///
    /// - Parameters:
    ///   - steps: ids of the existing steps.
    ///   - classes: names of the existing classes.
    package init?(_ name: String, steps: [String], classes: [String]) {
        let inClasses = classes.map { ("classes.\($0).", Scope(className: $0)) }
        var scopes = [("", Scope())] + inClasses
        for step in steps {
            scopes.append(("\(step).", Scope(step: step)))
            scopes += inClasses.map { ("\(step).\($0.0)", Scope(step: step, className: $0.1.className)) }
        }
        // Names may contain dots; the longest match wins.
        let fitting = scopes.filter { name.hasPrefix($0.0) }.sorted { $0.0.count > $1.0.count }
        for (prefix, scope) in fitting {
            guard let measure = Measure(String(name.dropFirst(prefix.count))), measure.isOf(scope) else { continue }
            self.init(scope: scope, measure: measure)
            return
        }
        return nil
    }

    private init(scope: Scope, measure: Measure) {
        self.scope = scope
        self.measure = measure
    }

    /// Common metric names, for suggestions.
    package static func names(steps: [String], classes: [String]) -> [String] {
        let measures = ["count", "rate", "p50", "p90", "p95", "p99", "p99.9", "mean", "max", "service.p99"]
        let scopes = [""] + (steps + classes.map { "classes.\($0)" }).map { "\($0)." }
        return ["errors", "errorShare", "failedResponses", "failedResponseShare", "offered", "generatorLag.p99"]
            + scopes.flatMap { scope in measures.map { scope + $0 } }
            + scopes.dropFirst().map { "\($0)share" }
    }

    /// Whether the metric is a time, which thresholds give in milliseconds or with a unit.
    package var isTime: Bool {
        switch measure {
        case .responseTime, .serviceTime, .generatorLag, .serverLag: true
        default: false
        }
    }
}

extension LoadMetric.Measure {
    fileprivate init?(_ name: String) {
        switch name {
        case "count": self = .count
        case "rate": self = .rate
        case "share": self = .share
        case "errors": self = .errors
        case "errorShare": self = .errorShare
        case "failedResponses": self = .failedResponses
        case "failedResponseShare": self = .failedResponseShare
        case "offered": self = .offered
        default:
            let families: [(String, (LoadMetric.Statistic) -> Self)] = [
                ("service.", Self.serviceTime), ("generatorLag.", Self.generatorLag), ("serverLag.", Self.serverLag),
                ("", Self.responseTime),
            ]
            guard let (prefix, make) = families.first(where: { name.hasPrefix($0.0) }),
                let statistic = LoadMetric.Statistic(String(name.dropFirst(prefix.count)))
            else { return nil }
            self = make(statistic)
        }
    }

    /// Whether the measure exists in the scope. Errors have no class, and measures of the run as a whole have no step.
    fileprivate func isOf(_ scope: LoadMetric.Scope) -> Bool {
        switch self {
        case .count, .rate, .responseTime, .serviceTime: true
        case .share: scope.step != nil || scope.className != nil
        case .errors, .errorShare, .failedResponses, .failedResponseShare: scope.className == nil
        case .offered, .generatorLag, .serverLag: scope == LoadMetric.Scope()
        }
    }
}

extension LoadMetric.Statistic {
    /// Parses `min`, `mean`, `max` or `p99.9`.
    fileprivate init?(_ name: String) {
        switch name {
        case "min": self = .min
        case "mean": self = .mean
        case "max": self = .max
        default:
            guard name.hasPrefix("p"), name.utf8.dropFirst().allSatisfy({ (0x2E...0x39).contains($0) }),
                let percentile = Double(name.dropFirst()), percentile > 0, percentile < 100
            else { return nil }
            self = .percentile(percentile)
        }
    }
}
