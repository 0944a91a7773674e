import Scenario
import TestSupport
import Testing

@testable import Report
@testable import ScenarioRunner

struct RunTextReportTests {
    private let report = RunTextReport(style: .plain)

    @Test("the text report shows every scenario and the summary")
    func golden() throws {
        try Golden.expect(try RunReport.text.render(SampleRun.result), matches: "run.txt")
    }

    @Test("control characters in names, paths and reasons are escaped")
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

    @Test("a run in which nothing started has a complete summary")
    func nothingStarted() {
        var result = SampleRun.result
        result.scenarios.removeAll { $0.startFailure == nil }
        #expect(
            report.summary(result).split(separator: "\n").prefix(3) == [
                "scenarios   1 errored", "steps       none", "assertions  none",
            ])
    }
}
