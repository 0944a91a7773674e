import Observe
import Trace

extension LoadDocument {
    /// What was observed of the server, and what its responses cost. Reading a result leaves it out.
    struct Observation: Codable {
        var sources: [Source]
        var kinds: [Kind]
        var seconds: [Second]
        var costs: [Cost]

        struct Source: Codable {
            var name: String
            var kind: ObservationSource.Kind
            /// Why observation ended early.
            var failure: String?
            /// CPU time of the observing thread.
            var observerCPUMs: Milliseconds
            /// By Redis command.
            var commands: [String: Command]?
        }

        struct Command: Codable {
            var calls: Double
            var timeMs: Double
        }

        /// Responses of one step with the same classes.
        struct Kind: Codable {
            var step: String
            var classes: [String]
            var count: Int
        }

        struct Second: Codable {
            var second: Int
            /// Responses, in the order of `kinds`.
            var responses: [Int]
            /// By metric, in the order of `sources`.
            var sources: [[String: Double]]
        }

        struct Cost: Codable {
            /// ``ObservedMetric/reportName``.
            var metric: String
            /// Of a response of any kind.
            var average: Double
            var blocks: Int
            var error: Double?
            /// In the order of `kinds`.
            var kinds: [Estimate]
        }

        struct Estimate: Codable {
            var value: Double?
            var lower: Double?
            var upper: Double?
            /// Why there is no value: `inseparable` or `tooFewBlocks`.
            var reason: String?
        }
    }
}

extension LoadDocument.Observation {
    init(_ observation: LoadObservation) {
        sources = observation.sources.map(Source.init)
        kinds = observation.kinds.enumerated().map { index, kind in
            Kind(step: kind.step, classes: kind.classes, count: observation.count(of: index))
        }
        seconds = observation.responses.enumerated().map { second, responses in
            Second(
                second: second, responses: responses,
                sources: observation.sources.map { source in
                    let observed = source.seconds[second]
                    let values = observed.growth.merging(observed.levels) { $1 }
                    return Dictionary(
                        uniqueKeysWithValues: values.map { ($0.key.reportName, $0.key.reported($0.value)) })
                })
        }
        costs = observation.costs.map { cost in
            Cost(
                metric: cost.metric.reportName, average: cost.metric.reported(cost.estimate.average),
                blocks: cost.estimate.blocks, error: cost.estimate.error,
                kinds: cost.estimate.kinds.map { Estimate($0, cost.metric) })
        }
    }
}

extension LoadDocument.Observation.Source {
    fileprivate init(_ source: ObservedSource) {
        name = source.name
        kind = source.kind
        failure = source.failure
        observerCPUMs = Milliseconds(source.observerCPU)
        guard source.kind == .redis else { return }
        commands = source.commands.mapValues { .init(calls: $0.calls, timeMs: $0.time / 1e6) }
    }
}

extension LoadDocument.Observation.Estimate {
    fileprivate init(_ cost: KindCost, _ metric: ObservedMetric) {
        switch cost {
        case .separated(let figure):
            (value, lower, upper) =
                (metric.reported(figure.value), metric.reported(figure.lower), metric.reported(figure.upper))
        case .inseparable: reason = "inseparable"
        case .tooFewBlocks: reason = "tooFewBlocks"
        }
    }
}
