/// A pattern of requests in time that different kinds of limiter answer differently.
///
/// Instants are in units of the time that a full recovery takes.
struct Schedule: Equatable, Sendable {
    /// The share of the limit that the first requests use.
    var opening: Double
    /// When to use up the rest, after the first request.
    var fillAt: Double
    /// When to use up again whatever has become free.
    var refills: [Double]

    /// The schedules to choose from.
    static let all = [
        // Shows how much is free again at the end of a window.
        Schedule(opening: 0, fillAt: 0, refills: [0.5, 0.97, 1.04]),
        // A window's worth of requests late in a window, and again in the next.
        Schedule(opening: 0.25, fillAt: 0.7, refills: [1.04, 1.4, 1.75]),
        Schedule(opening: 0.5, fillAt: 0.45, refills: [0.8, 1.04, 1.5, 2.1]),
        Schedule(opening: 0.2, fillAt: 0.9, refills: [1.06, 1.3, 1.6, 1.95, 2.2]),
    ]

    /// What a limiter would grant: for each fill, the number of admissions.
    func outcome(_ limiter: Forecast, start: Double, scale: Double) -> [Int] {
        var limiter = limiter
        var outcome = [limiter.admit(openingCount(limiter.limit), at: start)]
        for offset in [fillAt] + refills {
            outcome.append(limiter.admit(.max, at: start + offset * scale))
        }
        return outcome
    }

    /// The number of opening requests for a limit: at least one, and not all.
    func openingCount(_ limit: Int) -> Int { opening == 0 ? 0 : min(max(1, Int(Double(limit) * opening)), limit - 1) }

    /// Seconds from the first request to the last.
    func duration(scale: Double) -> Double { ([fillAt] + refills).reduce(0, max) * scale }

    /// How many of these pairs of hypotheses it tells apart, whatever the phase of the server's windows is.
    func separated(_ hypotheses: [Hypothesis], scale: Double) -> Int {
        let outcomes = hypotheses.map { hypothesis in
            Self.phases.map { outcome(of: hypothesis, scale: scale, phase: $0) }
        }
        var pairs = 0
        for one in outcomes.indices {
            for other in outcomes.indices where other > one {
                let differ = outcomes[one].indices.count { mine in
                    outcomes[other].allSatisfy { Self.differs(outcomes[one][mine], $0) }
                }
                pairs += differ
            }
        }
        return pairs
    }

    /// Phases for which outcomes are compared, as shares of a window.
    private static let phases = [0.12, 0.37, 0.61, 0.86]

    private func outcome(of hypothesis: Hypothesis, scale: Double, phase: Double) -> [Int] {
        guard let box = hypothesis.middle else { return [] }
        let length = (box.length.lowerBound * box.length.upperBound).squareRoot()
        let limit = (box.count.lowerBound + box.count.upperBound) / 2
        return outcome(
            Forecast(hypothesis.kind, limit: limit, length: length, phase: phase * length), start: 10 * scale,
            scale: scale)
    }

    /// Whether the difference is large enough to survive what is unknown about the limits.
    private static func differs(_ one: [Int], _ other: [Int]) -> Bool {
        let total = max(one.max() ?? 1, other.max() ?? 1)
        return zip(one, other).contains { abs($0 - $1) > max(total / 8, total > 4 ? 1 : 0) }
    }
}
