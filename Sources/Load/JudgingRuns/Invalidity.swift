import Histogram
import Scenario

/// Why a measurement proves nothing about the server.
package enum Invalidity: Equatable, Sendable {
    /// In this second of the measurement, counted from 0, the number of arrivals begun differed from the number due.
    case loadNotMade(SecondSummary, seconds: Int)
    /// Arrivals found no free virtual user.
    case outOfUsers(arrivals: Int, users: Int)
    /// Every threshold is undecided because of generator lag.
    case noThresholdLeft
    /// A part of a merged result was invalid.
    case part(name: String, reason: String)
}

extension Invalidity: CustomStringConvertible {
    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .loadNotMade(let second, let seconds):
            "the generator did not make the requested load: in second \(second.second + 1) it began \(second.begun) arrivals, but \(second.offered) were due"
                + (seconds > 1 ? ", and \(seconds) seconds are off by more than 1%" : "")
                + "; use a lower rate, more threads, --spin or a separate machine"
        case .outOfUsers(let arrivals, let users):
            "out of virtual users: \(arrivals) arrivals found none of the \(users) free; raise --virtual-users"
        case .noThresholdLeft:
            "generator lag may account for more than a tenth of every figure that has a threshold; "
                + "use fewer threads than cores, a lower rate or --spin"
        case .part(let name, let reason): "\(name) is invalid: \(reason)"
        }
    }
}

extension SecondSummary {
    /// Arrivals by which any second may be off. One due at the very end of a second begins in the next.
    private static var rounding: Int { 3 }

    /// Whether the arrivals begun are within 1% of those due.
    var isLoadMade: Bool { abs(begun - offered) <= max(offered / 100, Self.rounding) }
}

extension LoadResult {
    /// Why the result proves nothing; empty if it is valid.
    ///
    /// Generator lag alone does not make a result invalid. It marks the figures that it may account for; counts, rates
    /// and assertions stand whatever the lag is.
    func invalidities(_ thresholds: [EvaluatedThreshold] = []) -> [Invalidity] {
        var reasons = parts.isEmpty ? loadInvalidities : []
        for part in parts { reasons += part.invalid.map { .part(name: part.name, reason: $0) } }
        if !thresholds.isEmpty, thresholds.allSatisfy({ $0.verdict == .undecided(.generator) }) {
            reasons.append(.noThresholdLeft)
        }
        return reasons
    }

    /// Why the load differed from the one requested.
    private var loadInvalidities: [Invalidity] {
        var reasons: [Invalidity] = []
        let off = seconds.filter { !$0.isLoadMade }
        if let first = off.first { reasons.append(.loadNotMade(first, seconds: off.count)) }
        if arrivalsWithoutUser > 0 {
            reasons.append(.outOfUsers(arrivals: arrivalsWithoutUser, users: virtualUsers))
        }
        return reasons
    }

    /// Generator threads with hardly any time to spare: the index of each and its share of a core. Alone this is a
    /// warning, because their lag already marks figures.
    package var busyThreads: [(index: Int, share: Double)] {
        guard measured > 0 else { return [] }
        return generator.threads.enumerated().compactMap { index, usage in
            let share = Double(usage.busy) / Double(measured)
            return share > Self.busyShare ? (index, share) : nil
        }
    }

    private static var busyShare: Double { 0.9 }
}
