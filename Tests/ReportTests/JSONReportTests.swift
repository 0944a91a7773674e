import FoundationEssentials
import Scenario
import ScenarioRunner
import TestSupport
import Testing

@testable import Report

struct JSONReportTests {
    @Test("the JSON report contains the whole result tree")
    func golden() throws {
        try Golden.expect(try RunReport.json.render(SampleRun.result), matches: "run.json")
    }

    @Test("the report follows the schema and has no members beyond it")
    func schema() throws {
        let schema = try JSONDocument(parsing: Array(RunReportSchema.text.utf8)).root.value
        let text = try RunReport.json.render(SampleRun.result)
        var checker = SchemaChecker(schema)
        checker.check(try JSONDocument(parsing: Array(text.utf8)).root.value)
        #expect(checker.problems == [])
    }

    @Test("the schema's $id is the report's format")
    func identifier() throws {
        let schema = try JSONDocument(parsing: Array(RunReportSchema.text.utf8)).root
        #expect(schema["$id"]?.string == RunReportSchema.identifier)
    }

    @Test("a body's length is that before masking")
    func lengths() throws {
        var result = SampleRun.result
        result.scenarios[0].steps[0].exchanges[0].request.unmaskedLength = 1_001
        result.scenarios[0].steps[0].exchanges[0].result =
            try .success(
                {
                    var response = try #require(result.scenarios[0].steps[0].exchanges[0].response)
                    response.unmaskedLength = 1_002
                    return response
                }())
        let text = try RunReport.json.render(result)
        #expect(text.contains("\"bytes\": 1001,") && text.contains("\"bytes\": 1002,"))
        let page = try RunReport.html.render(result)
        #expect(page.contains("1001 bytes") && page.contains("1002 bytes"))
    }

    @Test("an empty run renders as a valid report")
    func empty() throws {
        let result = RunResult(
            scenarios: [], base: "http://127.0.0.1", start: .init(timeIntervalSince1970: 0), duration: .zero)
        let report = try JSONDocument(parsing: Array(RunReport.json.render(result).utf8)).root
        #expect(report["outcome"]?.string == "skipped")
        #expect(report["verdict"]?.string == "undecided")
        #expect(report["scenarios"]?.count == 0)
    }
}

struct BodyExcerptTests {
    @Test("a body within the limit is shown whole")
    func whole() {
        let excerpt = BodyExcerpt(Array("é".utf8), limit: 2)
        #expect(excerpt.content == .text("é"))
        #expect(!excerpt.isTruncated)
    }

    @Test(
        "a body is never cut within a character",
        arguments: [(1, ""), (2, "é"), (3, "é"), (5, "é"), (6, "é👋"), (7, "é👋é")])
    func cut(limit: Int, shown: String) {
        let body = Array("é👋éé".utf8)
        let excerpt = BodyExcerpt(body, limit: limit == 7 ? 8 : limit)
        #expect(excerpt.content == .text(shown))
        #expect(excerpt.isTruncated)
        #expect(excerpt.byteCount == 10)
    }

    @Test("a binary body is cut exactly at the limit")
    func binary() {
        let excerpt = BodyExcerpt([UInt8](repeating: 0x80, count: 100), limit: 10)
        #expect(excerpt.content == .binary([UInt8](repeating: 0x80, count: 10)))
    }
}

struct ExchangePhaseTests {
    @Test("each phase has its own duration, and phases that did not happen are omitted")
    func durations() {
        var times = Response.Times(total: .milliseconds(10))
        times.connect = .milliseconds(3)
        times.firstByte = .milliseconds(8)
        let phases = ExchangePhase.durations(of: times)
        #expect(phases.map(\.phase) == [.connect, .firstByte, .download])
        #expect(phases.map(\.duration) == [.milliseconds(3), .milliseconds(5), .milliseconds(2)])
    }
}
