import FoundationEssentials
import Scenario
import ScenarioRunner

/// When the instants of a run were: in the time since it began, and by the calendar.
struct RunClock: Sendable {
    private let date: Date
    /// The start of the scenario that began first; the run itself began no more than moments before.
    let origin: ContinuousClock.Instant?

    init(_ result: RunResult) {
        date = result.start
        origin = result.scenarios.map(\.start).min()
    }

    func offset(of instant: ContinuousClock.Instant) -> Duration {
        origin.map { instant - $0 } ?? .zero
    }

    /// In UTC with milliseconds, by RFC 3339: `2026-03-01T12:00:00.000Z`.
    func timestamp(of instant: ContinuousClock.Instant? = nil) -> String {
        let moment = instant.map { date + offset(of: $0).seconds } ?? date
        return moment.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
