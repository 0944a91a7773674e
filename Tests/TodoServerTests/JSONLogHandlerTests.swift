import Logging
import NIOCore
import Testing

@testable import TodoServer

@Suite struct JSONLogHandlerTests {
    @Test("each event is written as one line of JSON")
    func writesALineOfJSON() async throws {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        var logger = Logger(label: "test") { _ in JSONLogHandler { continuation.yield(String(buffer: $0)) } }
        logger[metadataKey: "instance"] = "a"
        logger.warning("two\nlines \"quoted\"", metadata: ["status": "\(503)", "tags": ["x", ["k": "v"]]])
        logger.debug("too quiet")
        continuation.finish()
        let read = await lines.reduce(into: []) { $0.append($1) }
        let line = try #require(read.first)
        #expect(read.count == 1)
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { $0 != "\n" })
        guard case .object(let event) = try JSONReader.value(of: Array(line.utf8)),
            case .string(let time)? = event["time"]
        else {
            Issue.record("not an event: \(line)")
            return
        }
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        #expect(event["level"] == "warning")
        #expect(event["message"] == "two\nlines \"quoted\"")
        #expect(event["instance"] == "a")
        #expect(event["status"] == "503")
        #expect(event["tags"] == ["x", ["k": "v"]])
    }
}
