import Observe

/// What was observed of the server while the load ran, and what its responses cost.
package struct LoadObservation: Equatable, Sendable {
    package var sources: [ObservedSource]
    package var kinds: [ResponseKind]
    /// Responses of each kind in each whole second of the measurement.
    package var responses: [[Int]]
    package var costs: [MetricCost] = []

    /// - Parameter sources: with as many seconds as there are in `responses`.
    package init(sources: [ObservedSource], kinds: [ResponseKind], responses: [[Int]]) {
        self.sources = sources
        self.kinds = kinds
        self.responses = responses
        let kindsOfSources = Set(sources.map(\.kind))
        costs = ObservedMetric.costs.filter { kindsOfSources.contains($0.source) }.compactMap { metric in
            let blocks = self.blocks(metric)
            guard !blocks.isEmpty else { return nil }
            return MetricCost(metric: metric, estimate: CostEstimator().estimate(blocks))
        }
    }

    /// The number of responses of a kind.
    package func count(of kind: Int) -> Int { responses.reduce(0) { $0 + $1[kind] } }

    /// The blocks for estimating a metric's costs, summed over all sources of its kind. A second without the figures of
    /// all of them is left out.
    private func blocks(_ metric: ObservedMetric) -> [CostBlock] {
        let sources = sources.filter { $0.kind == metric.source }
        let seconds = responses.indices.compactMap { second -> CostBlock? in
            var spent = 0.0
            for source in sources {
                guard let growth = source.seconds[second].growth[metric] else { return nil }
                spent += growth
            }
            return CostBlock(counts: responses[second].map(Double.init), spent: spent)
        }
        return seconds.joined(metric.secondsPerBlock)
    }
}

/// The costs of responses in one metric.
package struct MetricCost: Equatable, Sendable {
    package var metric: ObservedMetric
    /// The kinds in the order of ``LoadObservation/kinds``.
    package var estimate: CostEstimate
}

/// What one source showed during the measurement.
package struct ObservedSource: Equatable, Sendable {
    package var name: String
    package var kind: ObservationSource.Kind
    package var seconds: [ObservedSecond]
    /// Calls of Redis commands and the time that they took, from the first reading to the last.
    package var commands: [String: CommandTotal] = [:]
    /// Why observation ended early.
    package var failure: String?
    /// CPU time of the observing thread, in nanoseconds.
    package var observerCPU: UInt64 = 0

    package init(name: String, kind: ObservationSource.Kind, seconds: [ObservedSecond]) {
        self.name = name
        self.kind = kind
        self.seconds = seconds
    }

    /// How much a total grew in an average second; nil if it was never observed.
    package func rate(_ metric: ObservedMetric) -> Double? {
        let growths = seconds.compactMap { $0.growth[metric] }
        return growths.isEmpty ? nil : growths.reduce(0, +) / Double(growths.count)
    }

    /// The highest value of a level.
    package func highest(_ metric: ObservedMetric) -> Double? { seconds.compactMap { $0.levels[metric] }.max() }
}
