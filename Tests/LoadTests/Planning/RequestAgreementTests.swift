import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// Compares requests under load with those of a single run, which libcurl sends.
@Suite(.timeLimit(.minutes(1)))
struct RequestAgreementTests {
    /// The request line, the fields in alphabetical order, and the body.
    private static func parts(_ request: String) -> [String] {
        let halves = request.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = halves[0].split(separator: "\r\n").map(String.init)
        let fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return "\(line[..<colon].lowercased()): \(line[colon...].dropFirst().drop { $0 == " " })"
        }
        return [lines[0]] + fields.sorted() + [String(halves.last ?? "")]
    }

    @Test(
        "load sends the same request as run",
        arguments: [
            #""url": "/ü/x?q=é&r=%C3%A9""#, #""url": "/{{word}}""#, #""url": "/", "query": { "ä": "ö" }"#,
            #""url": "HTTP://HOST:PORT/x?y""#, #""url": "http://HOST:PORT""#, #""url": "http://HOST:PORT?a""#,
            #""url": "http://u:p%40@HOST:PORT/ü""#,
            #""url": "http://u@HOST:PORT/""#, #""url": "http://:p@HOST:PORT/""#,
            #""url": "http://u:@HOST:PORT/""#, #""url": "http://@HOST:PORT/""#, #""url": "http://u:p:q@HOST:PORT/""#,
            #""url": "http://u:p@HOST:PORT/", "bearer": "t""#, #""url": "mailto:x""#, #""url": "x#y""#,
            #""url": "//x/../y""#,
            #""url": "/", "headers": { "Host": "a.example" }"#,
            #""url": "/", "headers": { "Host": "a.example", "host": "b.example" }"#,
            #""url": "/", "headers": { "Cookie": "a=1" }, "cookies": { "b": "2" }"#,
            #""url": "/", "headers": { "X": "", "Y": "ü" }"#,
            #""url": "/", "headers": { "user-agent": "other/1", "ACCEPT": "text/html" }"#,
            #""url": "/", "headers": { "User-Agent": "", "Accept": "" }"#,
            #""url": "/", "method": "DELETE""#, #""url": "/", "method": "POST""#,
            #""url": "/", "method": "POST", "text": "hello", "headers": { "Content-Length": "5" }"#,
            #""url": "/", "method": "POST", "text": "hello", "headers": { "Transfer-Encoding": "chunked" }"#,
            #""url": "/", "method": "POST", "text": "", "headers": { "transfer-encoding": "Chunked" }"#,
            #""url": "/", "method": "PUT", "headers": { "Transfer-Encoding": "chunked" }"#,
            #""url": "/", "method": "POST", "text": "hello", "headers": { "Transfer-Encoding": "gzip" }"#,
            #""url": "/", "headers": { "Content-Length": "0" }"#,
        ])
    func agree(request: String) throws {
        let seen = Mutex<[UInt8]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                seen.withLock { $0 = Array(request.utf8) }
                connection.write(answer("{}"))
            }
        }
        let url = "http://127.0.0.1:\(server.port)"
        let request = request.replacing("HOST:PORT", with: "127.0.0.1:\(server.port)")
        let text =
            #"{ "name": "n", "variables": { "word": "wörd" }, "steps": [{ "id": "s", "request": { \#(request) } }] }"#
        let scenario = try ScenarioReader.read(SourceFile(path: "t", bytes: Array(text.utf8)), sources: .init())
        let template = try #require(scenario.steps.first?.requests.first?.request)
        let scope = try scenario.initialScope(
            given: [:], row: [], environment: nil,
            context: TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] }).context())
        let rendered = try template.render(scope)
        let base = try #require(BaseURL(url))
        let exchange = HTTPClient(ConnectionSettings(base: base)).send(rendered)
        #expect(exchange.response?.status == 200)
        let target = try LoadTarget(base)
        let ours = String(decoding: try rendered.bytes(to: target), as: UTF8.self)
        #expect(Self.parts(ours) == Self.parts(String(decoding: seen.withLock { $0 }, as: UTF8.self)))
    }

    @Test(
        "a URL with an unsupported scheme is rejected before anything is sent",
        arguments: ["ftp://127.0.0.1/x", "FILE://x", "ws://127.0.0.1:1/", "ftp://127.0.0.1/{{uuid()}}"])
    func schemes(url: String) throws {
        let error = try #require(throws: InvalidFile.self) {
            _ = try LoadSessionTests.session(
                1, #"{ "name": "n",\#n "steps": [{ "id": "a", "request": { "url": "\#(url)" } }] }"#)
        }
        #expect(error.diagnostics.map(\.position.line) == [2])
        #expect(error.diagnostics[0].message.contains("is not an http or https URL"))
        let session = try LoadSessionTests.session(
            1,
            #"{ "name": "n", "variables": { "u": "\#(url)" }, "steps": [{ "id": "a", "request": { "url": "{{u}}" } }] }"#
        )
        let late = try #require(throws: Diagnostic.self) { _ = try session.start(stop: StopFlag()) }
        #expect(late.message.contains("load supports http and https"))
    }
}
