import Foundation

/// A set of limits: every pair of a count and a length within bounds.
struct Box: Equatable, Sendable {
    /// The limit, or the burst of a token bucket.
    var count: ClosedRange<Int>
    /// The window in seconds, or the time in which a token bucket gains one token.
    var length: ClosedRange<Double>

    /// Lengths are not resolved further than this ratio.
    static let finestRatio = 1.004

    private var countWidth: Double { log((Double(count.upperBound) + 0.5) / (Double(count.lowerBound) - 0.5)) }
    private var lengthWidth: Double { log(length.upperBound / length.lowerBound) }

    /// Whether the length needs no further halving.
    private var isFine: Bool { length.upperBound <= length.lowerBound * Self.finestRatio }

    /// Two halves, divided where the box is relatively wider; nil if it is as small as is useful.
    var halves: (Box, Box)? {
        let canDivideCount = count.count > 1
        if canDivideCount, isFine || countWidth > lengthWidth {
            let middle = count.lowerBound + (count.count - 1) / 2
            return (
                Box(count: count.lowerBound...middle, length: length),
                Box(count: (middle + 1)...count.upperBound, length: length)
            )
        }
        guard !isFine else { return nil }
        let middle = (length.lowerBound * length.upperBound).squareRoot()
        return (
            Box(count: count, length: length.lowerBound...middle), Box(count: count, length: middle...length.upperBound)
        )
    }

    /// The smallest box that contains both.
    func union(_ other: Box) -> Box {
        Box(count: count.hull(other.count), length: length.hull(other.length))
    }
}
