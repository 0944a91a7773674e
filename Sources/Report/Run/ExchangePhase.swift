import Scenario

/// A phase of an exchange.
enum ExchangePhase: String, CaseIterable, Sendable {
    case nameLookup, connect, tls, firstByte, download

    /// The phases that happened, in order, each with its own duration.
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
