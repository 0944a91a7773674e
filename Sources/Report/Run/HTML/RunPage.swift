import Audit
import Scenario
import ScenarioRunner

// The values shown by the templates. The templates access an optional member as `{{#.name}}`: without the dot, Mustache
// would also search the enclosing contexts.

/// The whole page.
struct RunPage {
    let title: String
    let badge: OutcomeBadge
    let base: String
    let startedAt: String
    let figures: [Figure]
    /// Whether some scenarios, but not all, passed, so that hiding those is useful.
    let canFilter: Bool
    let axis: AxisView
    let phases: [PhaseName]
    let scenarios: [ScenarioView]
    let style: String

    /// A number of the summary.
    struct Figure {
        let name: String
        let parts: [Part]

        struct Part {
            let text: String
            let outcome: String
        }
    }

    init(_ result: RunResult, style: String) {
        let tally = RunTally(result.scenarios)
        let clock = RunClock(result)
        let axis = TimeAxis(start: clock.origin ?? .now, duration: result.duration)
        let passed = tally.scenarios[.passed, default: 0]
        let failed = tally.scenarios[.failed, default: 0] + tally.scenarios[.errored, default: 0]
        title =
            result.isInterrupted
            ? "The run was stopped: \(passed) of \(result.scenarios.count) scenarios passed"
            : Self.verdict(count: result.scenarios.count, passed: passed, failed: failed, result)
        badge = OutcomeBadge(result.verdict == .undecided(.nothingChecked) ? .skipped : result.outcome)
        base = result.base
        startedAt = clock.timestamp().prefix { $0 != "." }.replacing("T", with: " ") + " UTC"
        figures = Self.figures(tally, lasting: result.duration)
        canFilter = passed > 0 && passed < result.scenarios.count
        self.axis = AxisView(axis)
        phases = ExchangePhase.allCases.map(PhaseName.init)
        scenarios = result.scenarios.enumerated().map { index, scenario in
            ScenarioView(scenario, number: index + 1, isAlone: result.scenarios.count == 1, on: axis)
        }
        self.style = style
    }

    private static func verdict(count: Int, passed: Int, failed: Int, _ result: RunResult) -> String {
        guard count > 0 else { return "Nothing ran" }
        let outcome = result.outcome
        guard outcome > .skipped else {
            if passed == 0 { return "Nothing was checked: every scenario was skipped" }
            if result.verdict != .passed { return "Nothing was checked: no assertion was evaluated" }
            if passed < count { return "\(passed) scenarios passed, \(count - passed) were skipped" }
            return count == 1 ? "The scenario passed" : "All \(count) scenarios passed"
        }
        if count == 1 { return outcome == .failed ? "The scenario failed" : "The scenario could not be carried out" }
        return "\(failed) of \(count) scenarios did not pass"
    }

    private static func figures(_ tally: RunTally, lasting duration: Duration) -> [Figure] {
        func parts(_ counts: [Outcome: Int]) -> [Figure.Part] {
            Outcome.all.compactMap { outcome in
                counts[outcome].map { Figure.Part(text: "\($0) \(outcome.rawValue)", outcome: outcome.rawValue) }
            }
        }
        let assertions = [Outcome.passed: tally.assertionsPassed, .failed: tally.assertionsFailed].filter {
            $0.value > 0
        }
        let rate = Int((Double(tally.requests) / max(duration.seconds, 1e-9)).rounded())
        let audits = tally.audits.sorted { $0.key < $1.key }.map { verdict, count in
            Figure.Part(text: "\(count) \(verdict.rawValue)", outcome: OutcomeBadge(verdict.outcome).word)
        }
        return [
            Figure(name: "Scenarios", parts: parts(tally.scenarios)),
            Figure(name: "Steps", parts: parts(tally.steps)),
            Figure(name: "Assertions", parts: parts(assertions)),
        ] + (audits.isEmpty ? [] : [Figure(name: "Audits", parts: audits)]) + [
            Figure(
                name: "Requests",
                parts: [
                    Figure.Part(text: "\(tally.requests)", outcome: ""), Figure.Part(text: "\(rate)/s", outcome: ""),
                ]),
            Figure(name: "Time", parts: [Figure.Part(text: duration.spacedText, outcome: "")]),
        ]
    }
}

/// An outcome as a word, a sign and, by CSS, a colour.
struct OutcomeBadge {
    let word: String
    let sign: String

    init(_ outcome: Outcome) {
        word = outcome.rawValue
        sign =
            switch outcome {
            case .passed: "✓"
            case .skipped: "–"
            case .failed: "✗"
            case .errored: "!"
            }
    }
}

struct AxisView {
    let ticks: [TimeAxis.Tick]
    let grid: String

    init(_ axis: TimeAxis) {
        ticks = axis.ticks
        grid = axis.grid
    }
}

/// A phase's display name and its CSS class.
struct PhaseName {
    let label: String
    let className: String

    init(_ phase: ExchangePhase) {
        className = phase.rawValue
        label =
            switch phase {
            case .nameLookup: "DNS"
            case .connect: "connect"
            case .tls: "TLS"
            case .firstByte: "first byte"
            case .download: "download"
            }
    }
}

extension Duration {
    /// Formatted with a narrow no-break space before the unit: `2.14 ms`.
    var spacedText: String {
        let text = shortText
        guard let unit = text.firstIndex(where: \.isLetter), !text[unit...].contains(where: \.isNumber) else {
            return text
        }
        return "\(text[..<unit])\u{202F}\(text[unit...])"
    }
}

func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
