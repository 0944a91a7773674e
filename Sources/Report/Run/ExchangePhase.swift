import Scenario

/// A part of an exchange's time.
enum ExchangePhase: String, CaseIterable, Sendable {
    case nameLookup, connect, tls, firstByte, download

    /// The phases that there were, with the time that each took itself, in their order.
    static func durations(of times: Response.Times) -> [(phase: ExchangePhase, duration: Duration)] {
        var end = Duration.zero
        return allCases.compactMap { phase in
            let duration = phase.end(in: times) - end
            guard duration > .zero else { return nil }
            end += duration
            return (phase, duration)
        }
    }

    private func end(in times: Response.Times) -> Duration {
        switch self {
        case .nameLookup: times.nameLookup
        case .connect: times.connect
        case .tls: times.tls
        case .firstByte: times.firstByte
        case .download: times.total
        }
    }
}
