import Foundation
import Report
import Scenario
import ScenarioRunner
import Synchronization

/// Shows a run as it goes on: a line for each scenario that is done; on a terminal, below them, a bar and a line for
/// each that is at work, redrawn at most ten times a second.
final class RunView: Sendable {
    private let report = RunTextReport(style: StandardOutput.style)
    private let style = StandardOutput.style
    private let isLive: Bool
    private let count: Int
    private let state = Mutex(State())

    private struct State {
        var done = 0
        var running: [(path: String, name: String, requests: Int, start: ContinuousClock.Instant)] = []
        /// How many lines of the live part stand on the terminal.
        var drawn = 0
        var lastDrawing: ContinuousClock.Instant?
    }

    init(count: Int) {
        self.count = count
        isLive = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    @Sendable func show(_ event: ScenarioRunner.Event) {
        state.withLock { state in
            switch event {
            case .started(let scenario):
                state.running.append((scenario.file.path, scenario.name, 0, .now))
                draw(&state, force: true)
            case .requests(let scenario, let count):
                guard let index = state.running.firstIndex(where: { $0.path == scenario.file.path }) else { return }
                state.running[index].requests += count
                draw(&state, force: false)
            case .finished(let result):
                state.done += 1
                if let index = state.running.firstIndex(where: { $0.path == result.file.path }) {
                    state.running.remove(at: index)
                }
                erase(&state)
                StandardOutput.write(report.scenario(result))
                draw(&state, force: true)
            }
        }
    }

    func finish(_ result: RunResult) {
        state.withLock { erase(&$0) }
        StandardOutput.write("\n" + report.summary(result))
    }

    private func erase(_ state: inout State) {
        guard state.drawn > 0 else { return }
        StandardOutput.writeRaw("\u{1B}[\(state.drawn)A\u{1B}[J")
        state.drawn = 0
    }

    private func draw(_ state: inout State, force: Bool) {
        let now = ContinuousClock.now
        guard isLive, force || state.lastDrawing.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
        erase(&state)
        state.lastDrawing = now
        guard !state.running.isEmpty else { return }
        var lines = state.running.map { run in
            "  \(style(.blue, "●")) \(String(run.name.prefix(60)))  "
                + style(.dim, "\(run.requests) requests · \((now - run.start).shortText)")
        }
        let filled = count > 0 ? min(30, 30 * state.done / count) : 30
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        lines.append("  \(style(.dim, bar)) \(state.done) of \(count)")
        StandardOutput.writeRaw(lines.joined(separator: "\n") + "\n")
        state.drawn = lines.count
    }
}
