/// What a response of each kind costs.
package struct CostEstimate: Equatable, Sendable {
    /// What an average response costs.
    package var average: Double
    /// The kinds, in the order of the blocks' counts.
    package var kinds: [KindCost]
    /// The number of blocks.
    package var blocks: Int
    /// The root mean square of the blocks' errors, as a share of what a block costs on average. Nil if nothing was
    /// estimated.
    package var error: Double?
}

package enum KindCost: Equatable, Sendable {
    case separated(CostFigure)
    /// The counts of this kind follow those of others, so that no figure is better than another.
    case inseparable
    /// Too few blocks, or too few of them with this kind.
    case tooFewBlocks

    package var figure: CostFigure? {
        if case .separated(let figure) = self { figure } else { nil }
    }
}

/// An estimate with a 95% confidence interval.
package struct CostFigure: Equatable, Sendable {
    package var value: Double
    package var lower: Double
    package var upper: Double

    package init(value: Double, lower: Double, upper: Double) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }
}
