import Probe
import Scenario
import TestSupport
import Testing

@testable import Report

struct ProbeReportTests {
    @Test("a probe is reported in every format", arguments: [("text", "txt"), ("json", "json")])
    func golden(format: String, suffix: String) throws {
        let format = try #require(ProbeResult.formats.first { $0.name == format })
        try Golden.expect(try format.render(SampleProbe.limiter), matches: "probe-limiter.\(suffix)")
        try Golden.expect(try format.render(SampleProbe.cache), matches: "probe-cache.\(suffix)")
    }

    @Test("the JSON report follows its schema", arguments: 0..<3)
    func schema(number: Int) throws {
        let result = [SampleProbe.limiter, SampleProbe.cache, SampleProbe.unknown][number]
        let schema = try JSONDocument(parsing: Array(ProbeReportSchema.text.utf8)).root
        #expect(schema["$id"]?.string == ProbeReportSchema.identifier)
        var checker = SchemaChecker(schema.value)
        checker.check(try JSONDocument(parsing: Array(ProbeReport.json.render(result).utf8)).root.value)
        #expect(checker.problems == [])
    }

    @Test("the page shows every finding with its evidence, escaped")
    func page() throws {
        let page = try ProbeReport.html.render(SampleProbe.limiter)
        for row in SampleProbe.limiter.rows {
            #expect(page.contains("<th scope=\"row\">\(row.title)</th><td class=\"value\">\(row.text)</td>"))
        }
        #expect(page.contains("was admitted &lt;b&gt;</td>"))
        #expect(!page.contains("{{"))
    }

    @Test("what is not known has no value and does not pass")
    func unknown() {
        #expect(SampleProbe.unknown.rows.allSatisfy { $0.text == "unknown" && $0.value == .null })
        #expect(SampleProbe.unknown.verdict == .undecided(.incomplete))
        #expect(SampleProbe.unknown.notes.count == 2)
        #expect(SampleProbe.limiter.verdict == .passed)
    }

    @Test("a cache that shows users each other's data fails")
    func leak() {
        #expect(SampleProbe.leakingCache.verdict == .failed)
        #expect(SampleProbe.leakingCache.summary.contains("user 2 was shown what only user 1 may see"))
        #expect(SampleProbe.cache.verdict == .passed)
    }

    @Test("no limit is a result")
    func absent() {
        var findings = LimitFindings()
        findings.present = Finding(false, .likely, "5,000 requests were admitted")
        let result = ProbeResult(target: "/", subject: .limiter(findings), budget: (1, .seconds(1)))
        #expect(result.verdict == .passed)
        #expect(result.summary.hasPrefix("No limit was found"))
    }
}
