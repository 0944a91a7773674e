import Scenario

/// Whether a threshold holds.
package enum ThresholdVerdict: Equatable, Sendable {
    /// It holds for every value that the figure may have.
    case passed
    /// It holds for no value that the figure may have.
    case failed
    case undecided(Reason)

    package enum Reason: String, CaseIterable, Codable, Sendable {
        /// The figure needs more samples.
        case tooFewSamples
        /// Unfinished or failed requests could decide it either way.
        case unfinished
        /// Generator lag could decide it either way.
        case generator
        /// It could not be evaluated.
        case unreadable
    }

    package var name: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .undecided: "undecided"
        }
    }

    package var reason: Reason? {
        if case .undecided(let reason) = self { reason } else { nil }
    }

    /// Combines the verdicts of parts, in all of which the threshold must hold.
    func and(_ other: ThresholdVerdict) -> ThresholdVerdict {
        switch (self, other) {
        case (.failed, _), (_, .failed): .failed
        case (.undecided, _): self
        default: other
        }
    }
}

/// The bounds of a threshold's metric.
struct MetricFigure: Equatable {
    var observed: BoundedFigure
    /// The observed figure less the lag that the generator may have added.
    var adjusted: BoundedFigure
    /// Whether generator lag may account for too much of it.
    var isMarked = false

    /// A known figure that the generator adds nothing to; nil if there is none.
    init(_ value: Double?) {
        observed = value.map(BoundedFigure.exact) ?? .unavailable
        adjusted = observed
    }

    /// In milliseconds.
    init(_ figure: TimeFigure) {
        observed = figure.observed.scaled(by: 1e-6)
        adjusted = figure.adjusted.scaled(by: 1e-6)
        isMarked = figure.isMarked
    }

    /// Evaluates a comparison, allowing for generator lag.
    ///
    /// Lag only ever lengthens a time. So an upper limit that holds for the observed time holds, and a lower limit must
    /// hold for the adjusted time.
    func verdict(_ comparison: Comparison, _ value: Double) -> ThresholdVerdict {
        guard observed != .unavailable, adjusted != .unavailable else { return .undecided(.tooFewSamples) }
        let byObserved = Self.verdict(comparison, value, from: observed.lower, to: observed.upper)
        guard isMarked || comparison.isLowerLimit else { return byObserved }
        let isLimit = comparison.isUpperLimit || comparison.isLowerLimit
        let whole =
            isLimit
            ? Self.verdict(comparison, value, from: adjusted.lower, to: observed.upper) : .undecided(.generator)
        // If the observed times decide it and the adjusted ones do not, the generator is the reason.
        return whole.reason != nil && byObserved.reason == nil ? .undecided(.generator) : whole
    }

    /// - Parameter upper: nil if there is no upper bound.
    private static func verdict(
        _ comparison: Comparison, _ value: Double, from lower: Double?, to upper: Double?
    ) -> ThresholdVerdict {
        guard let lower else { return .undecided(.tooFewSamples) }
        if lower == upper { return comparison.holds(lower, value) ? .passed : .failed }
        if comparison.isUpperLimit {
            if let upper, comparison.holds(upper, value) { return .passed }
            if !comparison.holds(lower, value) { return .failed }
        } else if comparison.isLowerLimit {
            if comparison.holds(lower, value) { return .passed }
            if let upper, !comparison.holds(upper, value) { return .failed }
        }
        return .undecided(.unfinished)
    }
}
