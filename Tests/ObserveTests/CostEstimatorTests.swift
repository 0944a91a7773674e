import TestSupport
import Testing

@testable import Observe

@Suite struct CostEstimatorTests {
    /// Seconds of a load with known costs.
    /// - Parameter noise: standard deviation of what a second costs, as a share.
    private static func blocks(
        _ costs: [Double], seconds: Int = 60, noise: Double = 0, seed: UInt64 = 1,
        counts: (inout SeededGenerator) -> [Double]
    ) -> [CostBlock] {
        var random = SeededGenerator(seed: seed)
        return (0..<seconds).map { _ in
            let counts = counts(&random)
            let spent = zip(counts, costs).reduce(0) { $0 + $1.0 * $1.1 }
            return CostBlock(counts: counts, spent: max(0, spent * (1 + noise * random.normal())))
        }
    }

    /// Hits, misses, denials and writes whose numbers vary from second to second.
    private static func mixed(_ random: inout SeededGenerator) -> [Double] {
        [12_000.0, 900, 5000, 300].map { ($0 * Double.random(in: 0.3...1.7, using: &random)).rounded() }
    }

    private static let costs: [Double] = [21_000, 140_000, 12_000, 410_000]

    @Test("costs are exact if every second costs the sum of its responses")
    func exact() throws {
        let estimate = CostEstimator().estimate(Self.blocks(Self.costs, counts: Self.mixed))
        let error = try #require(estimate.error)
        #expect(estimate.blocks == 60 && error < 1e-6)
        for (cost, kind) in zip(Self.costs, estimate.kinds) {
            let figure = try #require(kind.figure)
            #expect(abs(figure.value - cost) < 1e-3 * cost && figure.lower <= figure.value)
            #expect(figure.upper - figure.lower < 1e-3 * cost)
        }
    }

    @Test("with noise, about 95% of the intervals hold the true cost")
    func coverage() throws {
        var estimator = CostEstimator()
        estimator.draws = 100
        var (held, all) = (0, 0)
        for seed in 1...40 {
            let blocks = Self.blocks(Self.costs, noise: 0.03, seed: UInt64(seed), counts: Self.mixed)
            for (cost, kind) in zip(Self.costs, estimator.estimate(blocks).kinds) {
                let figure = try #require(kind.figure)
                all += 1
                if figure.lower <= cost, cost <= figure.upper { held += 1 }
            }
        }
        #expect(all == 160 && (138...159).contains(held), "\(held) of \(all)")
    }

    @Test("a kind that costs nothing gets an interval that starts at 0")
    func free() throws {
        let blocks = Self.blocks([2, 0, 1, 3], noise: 0.02, counts: Self.mixed)
        let figure = try #require(CostEstimator().estimate(blocks).kinds[1].figure)
        #expect(figure.lower == 0 && figure.value < 1 && figure.upper < 2)
    }

    @Test("kinds in a constant ratio are not separable, and the others are")
    func collinear() throws {
        let blocks = Self.blocks([10, 20, 30], noise: 0.01) { random in
            let writes = Double.random(in: 100...1000, using: &random).rounded()
            // Up to a few responses fall into another second than their request.
            return [
                writes, writes + Double(Int.random(in: -1...1, using: &random)),
                Double.random(in: 0...9000, using: &random),
            ]
        }
        let estimate = CostEstimator().estimate(blocks)
        #expect(estimate.kinds[0] == .inseparable && estimate.kinds[1] == .inseparable)
        let other = try #require(estimate.kinds[2].figure)
        #expect(abs(other.value - 30) < 1)
        // The sum of two kinds is a third.
        let sums = Self.blocks([1, 1, 1]) { random in
            let (a, b) = (Double.random(in: 1...9, using: &random), Double.random(in: 1...9, using: &random))
            return [a, b, a + b]
        }
        #expect(CostEstimator().estimate(sums).kinds == [.inseparable, .inseparable, .inseparable])
    }

    @Test("a single kind costs the average, whatever the rate")
    func single() throws {
        let blocks = Self.blocks([25_000]) { _ in [18_000] }
        let estimate = CostEstimator().estimate(blocks)
        #expect(estimate.average == 25_000)
        let figure = try #require(estimate.kinds[0].figure)
        #expect(abs(figure.value - 25_000) < 1e-6)
    }

    @Test("too few blocks, or too few with a kind, give no figure")
    func tooFew() {
        let short = Self.blocks(Self.costs, seconds: 9, counts: Self.mixed)
        #expect(CostEstimator().estimate(short).kinds.allSatisfy { $0 == .tooFewBlocks })
        #expect(CostEstimator().estimate(short).average > 0)
        var second = 0
        let rare = Self.blocks([10, 10]) { random in
            second += 1
            return [Double.random(in: 1...9, using: &random), second < 5 ? 1 : 0]
        }
        let kinds = CostEstimator().estimate(rare).kinds
        #expect(kinds[0].figure != nil && kinds[1] == .tooFewBlocks)
        #expect(CostEstimator().estimate([]) == CostEstimate(average: 0, kinds: [], blocks: 0))
    }

    @Test("the same seed gives the same intervals")
    func seeded() {
        let blocks = Self.blocks(Self.costs, noise: 0.05, counts: Self.mixed)
        #expect(CostEstimator().estimate(blocks) == CostEstimator().estimate(blocks))
        var other = CostEstimator()
        other.seed = 2
        #expect(other.estimate(blocks) != CostEstimator().estimate(blocks))
    }

    @Test("joined blocks have the sums, and an incomplete one is dropped")
    func joining() {
        let blocks = (1...5).map { CostBlock(counts: [Double($0), 1], spent: Double(10 * $0)) }
        #expect(blocks.joined(2) == [CostBlock(counts: [3, 2], spent: 30), CostBlock(counts: [7, 2], spent: 70)])
        #expect(blocks.joined(1) == blocks && blocks.joined(6).isEmpty)
    }
}
