import Foundation
import Scenario
import ScenarioRunner
import Testing

@testable import Report

struct HTMLReportTests {
    private let page: Page

    init() throws { page = Page(try RunReport.html.render(SampleRun.result)) }

    @Test("texts never become markup, and tags are balanced")
    func markup() {
        #expect(page.problems == [])
        #expect(
            page.text.contains(
                "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; ]]&gt; &quot;q&quot; \\u{1}\\u{8}"))
        #expect(page.text.contains("\u{600}&lt;img src=x&gt; &quot;\u{301} onclick=x"))
        #expect(
            !page.text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }
        )
    }

    @Test("the page loads nothing, and every link points within the page")
    func standsAlone() {
        let links = page.tags.compactMap { $0.attributes["href"] }
        let places = Set(page.tags.compactMap { $0.attributes["id"] }.map { "#\($0)" })
        #expect(!links.isEmpty)
        #expect(Set(links).subtracting(places) == [])
        #expect(
            !page.tags.contains {
                $0.attributes["src"] != nil || ["script", "link", "img", "iframe"].contains($0.name)
            })
        #expect(!page.text.contains("url(") && !page.text.contains("@import"))
    }

    @Test("element identifiers are unique")
    func identifiers() {
        let identifiers = page.tags.compactMap { $0.attributes["id"] }
        #expect(identifiers.count == Set(identifiers).count)
    }

    @Test("failed scenarios and steps are expanded, and passed ones are collapsed")
    func openness() {
        let scenarios = page.tags.filter { $0.name == "details" && $0.classes.contains("scenario") }
        #expect(scenarios.map { $0.attributes["open"] != nil } == [false, true, true, true])
        let steps = page.tags.filter { $0.classes.contains("step") }
        #expect(steps.map { $0.attributes["open"] != nil } == [false, false, false, true, false, true])
    }

    @Test("failures show the expected and actual values and the command, and mark their source lines")
    func failures() {
        #expect(page.tags.count { $0.classes.contains("failure") } == 6)
        #expect(page.text.contains("<dt>expected</dt><dd>200\n"))
        #expect(page.text.contains("<pre>curl -sS -i http://127.0.0.1:8080/health</pre>"))
        let marked = page.tags.filter { $0.classes.contains("failing") && $0.attributes["id"] != nil }
        #expect(marked.compactMap { $0.attributes["id"] } == ["s2-L2", "s2-L3", "s3-L1", "s4-L1"])
        #expect(page.text.contains("<mark>200</mark>"))
    }

    @Test("JSON bodies are pretty-printed, and binary bodies are dumped")
    func bodies() {
        #expect(page.text.contains("{\n  &quot;access_token&quot;: &quot;***&quot;,\n"))
        #expect(page.text.contains("0000  89 50 4e 47 0d 0a 1a 0a 00 ff                    .PNG......"))
    }

    @Test("phases are drawn on the scenario's time axis")
    func waterfall() {
        // In a scenario of 65 ms, the login starts connecting at 1 ms and takes 2 ms.
        #expect(page.text.contains(#"<i class="connect" style="left:1.54%;width:3.08%"></i>"#))
        #expect(page.text.contains("<dt>from first to last send</dt><dd>1.25\u{202F}ms</dd>"))
    }

    @Test("an empty run renders as a valid page")
    func empty() throws {
        let result = RunResult(
            scenarios: [], base: "http://127.0.0.1", start: .init(timeIntervalSince1970: 0), duration: .zero)
        #expect(Page(try RunReport.html.render(result)).problems == [])
    }
}

struct BodyViewTests {
    @Test("a long body is cut off with a note")
    func cut() throws {
        let view = try #require(BodyView([UInt8](repeating: UInt8(ascii: "a"), count: 70_000)))
        #expect(view.text.utf8.count == 65_536)
        #expect(view.note == "70000 bytes · cut off at 64 KiB")
    }

    @Test("a body that only starts like JSON is shown unchanged")
    func noJSON() throws {
        #expect(try #require(BodyView(Array("[not json".utf8))).text == "[not json")
        #expect(BodyView([]) == nil)
    }
}

struct TimeAxisTests {
    @Test(
        "ticks are at round times",
        arguments: [
            (Duration.milliseconds(65), ["0", "20 ms", "40 ms", ""]),
            (.seconds(10), ["0", "2 s", "4 s", "6 s", "8 s"]),
            (.microseconds(3), ["0", "1 µs", "2 µs"]), (.nanoseconds(1), ["0"]), (.zero, []),
        ])
    func ticks(duration: Duration, labels: [String]) {
        #expect(TimeAxis(start: .now, duration: duration).ticks.map(\.label) == labels)
    }

    @Test("places outside the axis are clamped to its ends")
    func clamping() {
        let axis = TimeAxis(start: SampleRun.start, duration: .seconds(1))
        let place = axis.place(SampleRun.start - .seconds(1), lasting: .seconds(3))
        #expect(place.left == "0.00%")
        #expect(place.width == "100.00%")
    }
}
