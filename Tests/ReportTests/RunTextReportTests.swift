import Scenario
import Testing

@testable import Report
@testable import ScenarioRunner

struct RunTextReportTests {
    private let report = RunTextReport(style: .plain)

    @Test("no control character of a name, a path or a reason comes through")
    func controlCharacters() {
        for var scenario in SampleRun.result.scenarios {
            scenario.name = SampleRun.hostile + "\nname"
            scenario.skipReason = SampleRun.hostile + "\nreason"
            scenario.file = SourceFile(path: "a\u{1B}\nb.json", bytes: scenario.file.bytes)
            for index in scenario.steps.indices { scenario.steps[index].id = "\u{1B}\nid" }
            let text = report.scenario(scenario)
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.filter { DiagnosticRenderer.printable($0) != $0 } == [])
            #expect(!lines.contains { $0.hasPrefix("name") || $0.hasPrefix("reason") })
        }
    }

    @Test("a run in which nothing started still has a whole summary")
    func nothingStarted() {
        var result = SampleRun.result
        result.scenarios.removeAll { $0.startFailure == nil }
        #expect(
            report.summary(result).split(separator: "\n").prefix(3) == [
                "scenarios   1 errored", "steps       none", "assertions  none",
            ])
    }
}
