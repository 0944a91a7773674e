import Foundation
import Load
import Report

/// Shows the progress of a load on standard error: a redrawn line on a terminal, otherwise one line per second.
struct LoadDisplay {
    private let line: LoadProgressLine
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shown = 0

    private init(line: LoadProgressLine) { self.line = line }

    /// Shows the progress of a load until it is over.
    static func follow(_ run: LoadRun, classes: [String]) async {
        var display = LoadDisplay(
            line: LoadProgressLine(style: StandardError.style, classes: classes, duration: run.duration))
        while !run.isOver {
            display.update(progress: run.progress, seconds: run.series.summaries)
            try? await Task.sleep(for: .milliseconds(100))
        }
        display.finish(seconds: run.series.summaries)
    }

    private mutating func update(progress: Double, seconds: [SecondSummary]) {
        if isTerminal {
            let errors = seconds.reduce(0) { $0 + $1.errors }
            redraw(line.live(progress: progress, latest: seconds.last, errors: errors))
        } else {
            for second in seconds.dropFirst(shown) { StandardError.write(line.plain(second)) }
            shown = seconds.count
        }
    }

    /// Clears the line on a terminal; elsewhere prints the remaining seconds.
    private mutating func finish(seconds: [SecondSummary]) {
        if isTerminal {
            redraw("")
        } else {
            update(progress: 1, seconds: seconds)
        }
    }

    private func redraw(_ text: String) {
        StandardError.writeRaw("\r\u{1B}[2K\(text)")
    }
}
