import Load
import Observe
import Scenario

/// What was observed of the server during a load, as text.
struct LoadObservationText {
    let observation: LoadObservation
    let style: TextStyle

    /// A line for each source with its figures, and one for the average cost if there is no table.
    var facts: [(String, String)] {
        var facts = observation.sources.map { source -> (String, String) in
            let label =
                switch source.kind {
                case .process: "server"
                case .redis: "redis"
                case .postgres: "postgres"
                }
            var figures = figures(of: source)
            if let failure = source.failure {
                figures.append(style(.boldYellow, "observed only in part: \(DiagnosticRenderer.printable(failure))"))
            }
            return (label, "\(source.name): \(figures.joined(separator: ", "))")
        }
        if isTooShort, !observation.costs.isEmpty, !observation.kinds.isEmpty {
            let costs = observation.costs.map { cost in
                "\(Self.heading(cost.metric)) \(Self.number(cost.estimate.average, cost.metric))"
            }
            let limit = "by class from \(CostEstimator.fewestBlocks) s on"
            facts.append(("cost", "of an average response: \(costs.joined(separator: ", ")) (\(limit))"))
        }
        return facts
    }

    private var isTooShort: Bool {
        observation.costs.allSatisfy { $0.estimate.blocks < CostEstimator.fewestBlocks }
    }

    private func figures(of source: ObservedSource) -> [String] {
        func rate(_ metric: ObservedMetric, _ unit: String) -> String? {
            source.rate(metric).map { "\(Self.rate($0)) \(unit)/s" }
        }
        func size(_ metric: ObservedMetric) -> String? {
            source.highest(metric).map { NumberText.bytes(Int(clamping: $0)) }
        }
        func cores(_ metric: ObservedMetric) -> String? {
            source.rate(metric).map { "\(NumberText.fixed($0 / 1e7, 0))% of a core" }
        }
        switch source.kind {
        case .process:
            return [
                cores(.cpu), size(.residentMemory),
                source.highest(.descriptors).map { "\(NumberText.count(Int(clamping: $0))) descriptors" },
                rate(.contextSwitches, "context switches"),
            ].compactMap(\.self)
        case .redis:
            return [
                cores(.redisCPU), rate(.redisCommands, "commands").map { $0 + commands(of: source) },
                size(.redisMemory), rate(.redisEvictions, "evictions"),
            ].compactMap(\.self)
        case .postgres:
            return [rate(.transactions, "transactions"), rate(.rows, "rows"), rate(.blocks, "blocks")].compactMap(
                \.self)
        }
    }

    /// The commands that took the most time: ` (get 1.2µs, evalsha 12.3µs)`.
    private func commands(of source: ObservedSource) -> String {
        let commands = source.commands.sorted { ($0.value.time, $1.key) > ($1.value.time, $0.key) }.prefix(4)
        guard !commands.isEmpty else { return "" }
        let texts = commands.map { name, total in
            "\(DiagnosticRenderer.printable(name)) \(NumberText.fixed(total.time / total.calls / 1000, 1)) µs"
        }
        return " (\(texts.joined(separator: ", ")))"
    }

    private static func rate(_ value: Double) -> String {
        value < 9.95 && value > 0 ? NumberText.fixed(value, 1) : NumberText.count(Int(clamping: value.rounded()))
    }

    /// The table of costs, with notes on how sure they are; empty if the load was too short for any.
    var costs: [String] {
        guard !isTooShort, !observation.kinds.isEmpty else { return [] }
        var table = TextTable()
        table.rows.append(["cost of a response", "count"] + observation.costs.map { Self.heading($0.metric) })
        for (index, kind) in observation.kinds.enumerated() {
            let figures = observation.costs.map { Self.cell($0.estimate.kinds[index], $0.metric) }
            table.rows.append([kind.name, NumberText.count(observation.count(of: index))] + figures)
        }
        let all = observation.kinds.indices.reduce(0) { $0 + observation.count(of: $1) }
        table.rows.append(
            ["average", NumberText.count(all)] + observation.costs.map { Self.number($0.estimate.average, $0.metric) })
        var lines = table.lines
        lines[0] = style(.dim, lines[0])
        return lines + notes.map { style(.dim, $0) }
    }

    private static func heading(_ metric: ObservedMetric) -> String {
        switch metric {
        case .cpu: "server CPU"
        case .redisCommands: "redis commands"
        case .redisCPU: "redis CPU"
        default: metric.rawValue
        }
    }

    private static func cell(_ cost: KindCost, _ metric: ObservedMetric) -> String {
        guard let figure = cost.figure else { return "n/a" }
        let bounds = [figure.lower, figure.upper].map { number($0, metric, unit: "") }
        return "\(number(figure.value, metric)) (\(bounds[0]) to \(bounds[1]))"
    }

    /// Microseconds for times, otherwise a plain number.
    private static func number(_ value: Double, _ metric: ObservedMetric, unit: String = " µs") -> String {
        switch metric {
        case .cpu, .redisCPU: NumberText.fixed(value / 1000, value < 99_950 ? 1 : 0) + unit
        default: NumberText.fixed(value, value < 99.95 ? 2 : 0)
        }
    }

    private var notes: [String] {
        var notes: [String] = []
        let errors = observation.costs.compactMap { cost in
            cost.estimate.error.map { "\(Self.heading(cost.metric)) \(NumberText.fixed($0 * 100, 1))%" }
        }
        if !errors.isEmpty {
            notes.append(
                "in brackets: 95% confidence; typical error of the estimate: \(errors.joined(separator: ", "))")
        }
        let tooFew = names { $0 == .tooFewBlocks }
        if !tooFew.isEmpty {
            let longest = observation.costs.map(\.metric.secondsPerBlock).max() ?? 1
            notes.append(
                "n/a: too few responses or seconds: \(tooFew.joined(separator: ", ")). "
                    + "Costs need at least \(CostEstimator.fewestBlocks * longest) s")
        }
        let together = names { $0 == .inseparable }
        if !together.isEmpty {
            notes.append(
                "n/a: not separable: \(together.joined(separator: ", ")). They make up the same mix in every second. "
                    + "Run a load that varies the mix, such as one with --stage or with steps that repeat for seconds, "
                    + "or one load for each")
        }
        return notes
    }

    /// The kinds that have such a cost in some metric.
    private func names(where isSuch: (KindCost) -> Bool) -> [String] {
        observation.kinds.enumerated().filter { index, _ in
            observation.costs.contains { isSuch($0.estimate.kinds[index]) }
        }.map(\.element.name)
    }
}

extension Int {
    /// The number as an integer; 0 if it is not one.
    fileprivate init(clamping value: Double) {
        self = Int(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : 0)
    }
}
