import Foundation
import Report
import Scenario
import ScenarioRunner
import Synchronization

/// Shows the progress of a run: a line for each finished scenario. On a terminal, a progress bar and a line for each
/// running scenario follow, redrawn ten times a second. Prints nothing if a report is written to standard output.
final class RunView: Sendable {
    private let report = RunTextReport(style: StandardOutput.style)
    private let style = StandardOutput.style
    private let state = Mutex(State())
    private let isShown: Bool
    private let isLive: Bool

    private struct State {
        var planned = 0
        var done = 0
        var running: [Work] = []
        /// Connection failures that have already been reported in full.
        var refusals: Set<String> = []
        /// Number of lines of the live part currently on the terminal.
        var drawn = 0
    }

    private struct Work {
        let run: Int
        let name: String
        var requests = 0
        let start = ContinuousClock.now
    }

    init(isShown: Bool = true) {
        self.isShown = isShown
        isLive = isShown && isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Redraws the live part until the task is cancelled, so that elapsed times advance.
    func keepDrawing() async {
        while isLive, !Task.isCancelled {
            state.withLock { draw(&$0) }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    @Sendable func show(_ event: ScenarioRunner.Event) {
        state.withLock { state in
            switch event {
            case .planned(let runs): state.planned = runs
            case .started(let run, let name): state.running.append(Work(run: run, name: name))
            case .requests(let run, let count):
                guard let index = state.running.firstIndex(where: { $0.run == run }) else { return }
                state.running[index].requests += count
            case .finished(let run, let result):
                state.done += 1
                state.running.removeAll { $0.run == run }
                erase(&state)
                // An unreachable server is reported in full once; the summary has the count.
                let isTold = result.refusal.map { !state.refusals.insert($0).inserted } ?? false
                if isShown { StandardOutput.write(isTold ? report.headline(result) : report.scenario(result)) }
            }
        }
    }

    func finish(_ result: RunResult) {
        end()
        if isShown { StandardOutput.write("\n" + report.summary(result)) }
    }

    /// Removes the live part.
    func end() {
        state.withLock { state in
            erase(&state)
            state.running = []
        }
    }

    private func erase(_ state: inout State) {
        guard state.drawn > 0 else { return }
        StandardOutput.writeRaw("\u{1B}[\(state.drawn)A\u{1B}[J")
        state.drawn = 0
    }

    private func draw(_ state: inout State) {
        erase(&state)
        guard !state.running.isEmpty else { return }
        let (now, size) = (ContinuousClock.now, Terminal.size)
        // A line that wraps or scrolls away could not be erased.
        var lines = state.running.prefix(max(1, size.rows - 3)).map { work in
            let facts = "  \(work.requests) requests · \((now - work.start).shortText)"
            let name = DiagnosticRenderer.printable(work.name).prefix(max(8, min(60, size.columns - facts.count - 5)))
            return "  \(style(.blue, "●")) \(name)\(style(.dim, facts))"
        }
        let width = max(4, min(30, size.columns - 24))
        let filled = state.planned > 0 ? min(width, width * state.done / state.planned) : width
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        lines.append("  \(style(.dim, bar)) \(state.done) of \(state.planned)")
        StandardOutput.writeRaw(lines.joined(separator: "\n") + "\n")
        state.drawn = lines.count
    }
}

/// The terminal on standard output.
enum Terminal {
    /// Its size; 80 by 24 if unknown.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
