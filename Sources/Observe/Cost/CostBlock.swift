/// What was counted and spent in a block of time.
package struct CostBlock: Equatable, Sendable {
    /// Responses of each kind.
    package var counts: [Double]
    /// What the server spent on them.
    package var spent: Double

    package init(counts: [Double], spent: Double) {
        self.counts = counts
        self.spent = spent
    }
}

extension [CostBlock] {
    /// Joins every `size` consecutive blocks into one. Fewer than that at the end are dropped.
    package func joined(_ size: Int) -> [CostBlock] {
        guard size > 1 else { return self }
        return stride(from: 0, to: count - count % size, by: size).map { first in
            self[(first + 1)..<(first + size)].reduce(into: self[first]) { sum, block in
                sum.counts = zip(sum.counts, block.counts).map(+)
                sum.spent += block.spent
            }
        }
    }
}
