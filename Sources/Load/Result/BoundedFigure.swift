/// A figure as far as it is known.
///
/// Requests without a response have a time too, and only its lower bound is known. A figure that they could move is known
/// by its bounds.
package enum BoundedFigure: Equatable, Sendable {
    case exact(Double)
    case between(Double, Double)
    case atLeast(Double)
    /// There are too few samples.
    case unavailable

    /// Bounds that are equal to three digits, which is all that a histogram tells, make an exact figure.
    /// - Parameter upper: infinity where there is no upper bound.
    init(lower: Double, upper: Double) {
        self =
            if upper.isInfinite {
                .atLeast(lower)
            } else if upper - lower <= lower / 1000 {
                .exact(upper)
            } else {
                .between(lower, upper)
            }
    }

    package var exact: Double? {
        if case .exact(let value) = self { value } else { nil }
    }

    /// The least value that it can have; nil where nothing is known.
    package var lower: Double? {
        switch self {
        case .exact(let value), .between(let value, _), .atLeast(let value): value
        case .unavailable: nil
        }
    }

    /// The greatest value that it can have; nil where there is no bound, or nothing is known.
    package var upper: Double? {
        switch self {
        case .exact(let value), .between(_, let value): value
        case .atLeast, .unavailable: nil
        }
    }

    /// The figure in another unit.
    func scaled(by factor: Double) -> BoundedFigure {
        switch self {
        case .exact(let value): .exact(value * factor)
        case .between(let lower, let upper): .between(lower * factor, upper * factor)
        case .atLeast(let value): .atLeast(value * factor)
        case .unavailable: .unavailable
        }
    }
}
