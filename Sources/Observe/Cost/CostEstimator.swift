/// Estimates what a response of each kind costs, from blocks of time in which the numbers of responses differ.
///
/// In each block, what the server spent is the sum of the costs of its responses. Non-negative least squares over all
/// blocks gives the costs. Their confidence intervals come from estimating again with blocks drawn at random, with
/// replacement (Efron's bootstrap). What the server spends without requests is part of the costs.
package struct CostEstimator: Sendable {
    /// Seed for drawing blocks.
    package var seed: UInt64 = 1
    /// How often blocks are drawn.
    package var draws = 1000

    package init() {}

    /// The fewest blocks to estimate from, and the fewest in which a kind must occur.
    package static let fewestBlocks = 10
    static let fewestBlocksOfKind = 5
    /// How much the counts of a kind must vary independently of the others' for its cost to be known: the root mean
    /// square of the difference from the closest combination of the others, as a share of its own. Responses that are
    /// counted in one second and paid for in the next make counts differ by less than this.
    static let leastVariation = 0.01
    private static let confidence = 0.95

    /// - Parameter blocks: all with the same number of kinds.
    package func estimate(_ blocks: [CostBlock]) -> CostEstimate {
        let kinds = blocks.first?.counts.count ?? 0
        let responses = blocks.reduce(0) { $0 + $1.counts.reduce(0, +) }
        let spent = blocks.reduce(0) { $0 + $1.spent }
        var estimate = CostEstimate(
            average: responses > 0 ? spent / responses : 0, kinds: Array(repeating: .tooFewBlocks, count: kinds),
            blocks: blocks.count)
        guard blocks.count >= max(Self.fewestBlocks, 2 * kinds), responses > 0 else { return estimate }
        let columns = Columns(blocks, count: kinds)
        let equations = blocks.map { block in
            var equations = NormalEquations(unknowns: columns.independent.count)
            equations.add(columns.independent.map { block.counts[$0] }, equals: block.spent)
            return equations
        }
        let costs = columns.costs(equations, kinds: kinds)
        var random = SeededRandom(seed: seed)
        let draws = (0..<max(draws, 1)).map { _ in
            columns.costs(
                equations.indices.map { _ in equations[Int.random(in: equations.indices, using: &random)] },
                kinds: kinds)
        }
        for kind in 0..<kinds {
            if blocks.count(where: { $0.counts[kind] > 0 }) < Self.fewestBlocksOfKind { continue }
            guard columns.variations[kind] >= Self.leastVariation else {
                estimate.kinds[kind] = .inseparable
                continue
            }
            let drawn = draws.map { $0[kind] }.sorted()
            let outside = Int(Double(drawn.count) * (1 - Self.confidence) / 2)
            estimate.kinds[kind] = .separated(
                CostFigure(
                    value: costs[kind], lower: min(costs[kind], drawn[outside]),
                    upper: max(costs[kind], drawn[drawn.count - 1 - outside])))
        }
        let errors = blocks.map { block in block.spent - zip(block.counts, costs).reduce(0) { $0 + $1.0 * $1.1 } }
        let meanSquare = errors.reduce(0) { $0 + $1 * $1 } / Double(blocks.count)
        if spent > 0 { estimate.error = meanSquare.squareRoot() / (spent / Double(blocks.count)) }
        return estimate
    }
}

extension Columns {
    /// The costs of all kinds from the equations of the independent ones. Those of the others are 0.
    fileprivate func costs(_ equations: [NormalEquations], kinds: Int) -> [Double] {
        var sum = NormalEquations(unknowns: independent.count)
        for equation in equations { sum.add(equation) }
        var costs = Array(repeating: 0.0, count: kinds)
        for (kind, cost) in zip(independent, sum.nonNegativeSolution()) { costs[kind] = cost }
        return costs
    }
}

/// A generator of random numbers from a seed (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014).
private struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
