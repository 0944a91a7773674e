import Load
import Observe

/// The columns of costs in the CSV: three for each metric, empty where there is no estimate.
struct LoadCostColumns {
    let observation: LoadObservation?

    static let names: [String] = ObservedMetric.costs.flatMap { metric -> [String] in
        let name =
            switch metric {
            case .cpu: "cpu_ms"
            case .redisCommands: "redis_commands"
            case .redisCPU: "redis_cpu_ms"
            default: metric.rawValue
            }
        return ["cost_\(name)", "cost_\(name)_lower", "cost_\(name)_upper"]
    }

    /// The costs of a step's responses, or of those in one class. They are known if these responses are of a single
    /// kind.
    func fields(step: String, class name: String?) -> [String] {
        let kinds = observation?.kinds.indices.filter { index in
            guard let kind = observation?.kinds[index], kind.step == step else { return false }
            return name.map(kind.classes.contains) ?? true
        }
        return ObservedMetric.costs.flatMap { metric -> [String] in
            guard let kind = kinds?.first, kinds?.count == 1,
                let figure = observation?.costs.first(where: { $0.metric == metric })?.estimate.kinds[kind].figure
            else { return ["", "", ""] }
            return [figure.value, figure.lower, figure.upper].map { value in
                metric.isTime ? NumberText.milliseconds(value) : NumberText.fixed(value, 3)
            }
        }
    }
}
