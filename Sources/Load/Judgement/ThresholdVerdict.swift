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

    /// Combines the verdicts of conditions that must all hold.
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

    /// Evaluates a matcher against the figure.
    func verdict(_ matcher: Matcher, in scope: Scope) -> ThresholdVerdict {
        guard observed != .unavailable, adjusted != .unavailable else { return .undecided(.tooFewSamples) }
        return matcher.conditions.reduce(.passed) { verdict, condition in
            var single = matcher
            single.conditions = [condition]
            let holds = { (value: Double) throws(TemplateError) -> Bool in
                guard let number = JSONNumber(value) else { return false }
                return try single.mismatches(of: .value(.number(number)), subject: "", in: scope).isEmpty
            }
            do throws(TemplateError) { return verdict.and(try self.verdict(condition.operator, holds)) } catch {
                return verdict.and(.undecided(.unreadable))
            }
        }
    }

    private typealias Condition = (Double) throws(TemplateError) -> Bool

    /// Evaluates one condition, allowing for generator lag.
    ///
    /// Lag only ever lengthens a time. So an upper limit that holds for the observed time holds, and a lower limit must
    /// hold for the adjusted time.
    private func verdict(
        _ comparison: MatcherOperator, _ holds: Condition
    ) throws(TemplateError) -> ThresholdVerdict {
        let byObserved = try Self.verdict(comparison, from: observed.lower, to: observed.upper, holds)
        guard isMarked || comparison.isLowerLimit else { return byObserved }
        let isLimit = comparison.isUpperLimit || comparison.isLowerLimit
        let whole =
            isLimit
            ? try Self.verdict(comparison, from: adjusted.lower, to: observed.upper, holds) : .undecided(.generator)
        // If the observed times decide it and the adjusted ones do not, the generator is the reason.
        return whole.reason != nil && byObserved.reason == nil ? .undecided(.generator) : whole
    }

    /// - Parameter upper: nil if there is no upper bound.
    private static func verdict(
        _ comparison: MatcherOperator, from lower: Double?, to upper: Double?, _ holds: Condition
    ) throws(TemplateError) -> ThresholdVerdict {
        guard let lower else { return .undecided(.tooFewSamples) }
        if lower == upper { return try holds(lower) ? .passed : .failed }
        if comparison.isUpperLimit {
            if let upper, try holds(upper) { return .passed }
            if try !holds(lower) { return .failed }
        } else if comparison.isLowerLimit {
            if try holds(lower) { return .passed }
            if let upper, try !holds(upper) { return .failed }
        }
        return .undecided(.unfinished)
    }
}

extension MatcherOperator {
    fileprivate var isUpperLimit: Bool { self == .lt || self == .lte }
    fileprivate var isLowerLimit: Bool { self == .gt || self == .gte }

    /// The comparison's mathematical sign; nil if it is not a comparison.
    fileprivate var sign: String? {
        switch self {
        case .lt: "<"
        case .lte: "≤"
        case .gt: ">"
        case .gte: "≥"
        case .eq, .equals: "="
        case .ne: "≠"
        default: nil
        }
    }
}

extension Matcher.Condition {
    /// The condition in a readable form: `< 50ms`.
    /// - Parameter source: the condition as written in the file.
    func wanted(_ source: String) -> String {
        guard let sign = `operator`.sign else { return source }
        var text = source[...]
        let key = "\"\(`operator`.rawValue)\":"
        if text.hasPrefix(key) { text = text.dropFirst(key.count).drop(while: \.isWhitespace) }
        if text.count > 1, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        return "\(sign) \(text)"
    }
}
