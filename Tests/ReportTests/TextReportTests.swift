import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import Report

struct JUnitReportTests {
    @Test("each scenario is a suite, and each step and each audit is a case")
    func golden() throws {
        try Golden.expect(RunReport.junit.render(SampleRun.result), matches: "run.junit.xml")
    }

    @Test("the report is well-formed XML for any text, and parsing returns the text")
    func wellFormed() throws {
        let outline = XMLOutline(try RunReport.junit.render(SampleRun.result))
        #expect(outline.error == nil)
        #expect(outline.elements.count { $0.name == "testsuite" } == 4)
        let cases = outline.elements.filter { $0.name == "testcase" }
        #expect(cases.map { $0.attributes["line"] } == ["3", "6", "7", "2", "3", "1", "2", "2", "1", "1"])
        let suite = try #require(outline.elements.filter { $0.name == "testsuite" }.dropFirst().first)
        #expect(suite.attributes["name"]?.contains("<script>alert('1')</script> & ]]> \"q\" \\u{1}\\u{8}") == true)
        #expect(outline.elements.map(\.name).count { $0 == "failure" } == 2)
        #expect(outline.elements.map(\.name).count { $0 == "error" } == 3)
        #expect(outline.elements.map(\.name).count { $0 == "skipped" } == 1)
    }

    @Test(
        "white space survives parsing",
        arguments: [
            ("a\r\nb\tc", true, "a&#13;&#10;b&#9;c"), ("a\r\nb\tc", false, "a&#13;\nb\tc"),
            ("\u{0}\u{FFFF}", false, "\\u{0}\\u{ffff}"),
        ])
    func escaping(text: String, isAttribute: Bool, escaped: String) {
        #expect(XMLWriter.escaped(text, isAttribute: isAttribute) == escaped)
    }
}

struct TAPReportTests {
    @Test("each step and each audit is a test point")
    func golden() throws {
        try Golden.expect(RunReport.tap.render(SampleRun.result), matches: "run.tap")
    }

    @Test("the plan matches the number of test points, and each point is one line")
    func plan() throws {
        let lines = try RunReport.tap.render(SampleRun.result).split(separator: "\n").map(String.init)
        #expect(lines.prefix(2) == ["TAP version 14", "1..10"])
        #expect(lines.count { $0.hasPrefix("ok ") } == 5)
        #expect(lines.count { $0.hasPrefix("not ok ") } == 5)
        #expect(lines.dropFirst(2).allSatisfy { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") || $0.hasPrefix("  ") })
    }

    @Test("a hash in a name does not start a directive")
    func directive() throws {
        let line = try #require(
            RunReport.tap.render(SampleRun.result).split(separator: "\n").first { $0.hasPrefix("not ok 5") })
        #expect(line.contains(" \\# \\\\ "))
        #expect(!line.contains(" # "))
    }
}

/// The elements of a document in order, and the parse error, if any.
private final class XMLOutline: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var error: (any Error)?

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        if !parser.parse() { error = parser.parserError ?? CocoaError(.propertyListReadCorrupt) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements.append((name, attributes))
    }
}
