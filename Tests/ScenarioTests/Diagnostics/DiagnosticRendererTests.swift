import Testing

@testable import Scenario

struct DiagnosticRendererTests {
    private static func render(_ text: String, _ range: Range<Int>) -> String {
        let file = SourceFile(path: "a.json", bytes: Array(text.utf8))
        let diagnostic = Diagnostic(
            .assertion, "it is not so", in: file, at: range,
            notes: [.init("expected", "1 (number)"), .init("actual", "two\nlines")], help: "look again")
        return DiagnosticRenderer(style: .plain).render(diagnostic)
    }

    @Test("a diagnostic shows its place, source line, carets, notes and help")
    func rendering() {
        let rendered = Self.render("{\n\t\"ü\": 12\n}", 9..<11)
        #expect(
            rendered == """
                error[assertion]: it is not so
                 --> a.json:2:7
                  |
                2 | \t\"ü\": 12
                  | \t     ^^
                  = expected: 1 (number)
                  = actual:   two
                              lines
                  = help: look again
                """)
    }

    @Test("a long source line is cut around the carets")
    func longLine() {
        let text = String(repeating: "a", count: 500) + "BAD" + String(repeating: "b", count: 500)
        let lines = Self.render(text, 500..<503).split(separator: "\n")
        #expect(lines[3].count < 130)
        let caret = lines[4].distance(from: lines[4].startIndex, to: lines[4].firstIndex(of: "^")!)
        #expect(lines[3].dropFirst(caret).hasPrefix("BADb"))
    }

    @Test("many places in one long line are found quickly", .timeLimit(.minutes(1)))
    func manyPlaces() {
        let text = String(repeating: "ü1,", count: 1_000_000)
        let file = SourceFile(path: "a.json", bytes: Array(text.utf8))
        let renderer = DiagnosticRenderer(style: .plain)
        for place in stride(from: 0, to: 1_000_000, by: 100) {
            let offset = place * 4 + 2
            #expect(file.position(of: offset) == .init(line: 1, column: place * 3 + 2))
            let rendered = renderer.render(Diagnostic(.assertion, "no", in: file, at: offset..<offset + 1))
            let lines = rendered.split(separator: "\n")
            let caret = lines[4].distance(from: lines[4].startIndex, to: lines[4].firstIndex(of: "^")!)
            #expect(lines[3].dropFirst(caret).hasPrefix("1,"))
        }
    }

    @Test("control characters are escaped")
    func controls() {
        #expect(!Self.render("\u{1B}[31m", 0..<1).contains("\u{1B}"))
    }

    @Test("places at the ends of a file are shown", arguments: [0..<0, 3..<3, 2..<9])
    func ends(_ range: Range<Int>) {
        #expect(Self.render("a\nb", range).contains("^"))
    }

    @Test(
        "the nearest known name is suggested",
        arguments: [
            ("expct", "expect"), ("Expect", "expect"), ("reqeust", "request"), ("zzz", nil), ("xpectall", "expectAll"),
        ])
    func suggestions(_ name: String, _ meant: String?) {
        #expect(Suggestion.nearest(to: name, among: ["expect", "expectAll", "request"]) == meant)
    }
}
