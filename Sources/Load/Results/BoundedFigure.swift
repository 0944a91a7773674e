/// A figure, exact or known only by its bounds.
///
/// For a request without a response, only a lower bound of its time is known. If such requests could move a figure,
/// only the figure's bounds are known.
package enum BoundedFigure: Equatable, Sendable {
    case exact(Double)
    case between(Double, Double)
    case atLeast(Double)
    /// There are too few samples.
    case unavailable

    /// Bounds that agree to three digits, the precision of the histograms, become an exact figure.
    /// - Parameter upper: infinity if there is no upper bound.
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

    /// The least possible value; nil if nothing is known.
    package var lower: Double? {
        switch self {
        case .exact(let value), .between(let value, _), .atLeast(let value): value
        case .unavailable: nil
        }
    }

    /// The greatest possible value; nil if there is no upper bound or nothing is known.
    package var upper: Double? {
        switch self {
        case .exact(let value), .between(_, let value): value
        case .atLeast, .unavailable: nil
        }
    }

    /// The figure converted to another unit.
    func scaled(by factor: Double) -> BoundedFigure {
        switch self {
        case .exact(let value): .exact(value * factor)
        case .between(let lower, let upper): .between(lower * factor, upper * factor)
        case .atLeast(let value): .atLeast(value * factor)
        case .unavailable: .unavailable
        }
    }
}
