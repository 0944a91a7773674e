import FoundationEssentials
import Scenario
import ScenarioRunner

/// Converts instants of a run to offsets from its start and to calendar time.
struct RunClock: Sendable {
    private let date: Date
    /// The start of the earliest scenario; the run itself started only moments before.
    let origin: ContinuousClock.Instant?

    init(_ result: RunResult) {
        date = result.start
        origin = result.scenarios.map(\.start).min()
    }

    func offset(of instant: ContinuousClock.Instant) -> Duration {
        origin.map { instant - $0 } ?? .zero
    }

    /// An RFC 3339 timestamp in UTC with milliseconds: `2026-03-01T12:00:00.000Z`.
    func timestamp(of instant: ContinuousClock.Instant? = nil) -> String {
        let moment = instant.map { date + offset(of: $0).seconds } ?? date
        return moment.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
