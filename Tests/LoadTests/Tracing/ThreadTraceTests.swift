import Foundation
import ScenarioRunner
import TestSupport
import Testing
import Trace

@testable import Load

@Suite struct ThreadTraceTests {
    /// Ten records into buffers of two, with `spares` empty ones and no thread that writes.
    private static func record(spares: Int) async throws -> (RequestTrace, TraceSummary) {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/trace"
            let drain = try TraceDrain(path: path, origin: 0, sources: 1, capacity: 2, spares: spares)
            let plan = LoadPlan(
                target: SocketAddress(ipv4: 0x7F00_0001, port: 80), steps: [.get()], classes: [], judge: StubJudge())
            var trace = ThreadTrace(.everything(plan), of: plan, sources: .shared, users: 1, source: 0, drain: drain)
            for number in 1...10 as ClosedRange<UInt64> {
                var connection = Connection(user: 0, step: 0)
                connection.firstSentAt = number
                trace.recordUnknown(&connection, slot: 0, user: VirtualUser(number: 0, connection: 0))
            }
            trace.end()
            drain.end()
            drain.run()
            let summary = drain.finish()
            var read = RequestTrace()
            try read.append(file: Array(FileManager.default.contents(atPath: path) ?? Data()))
            return (read, summary)
        }
    }

    @Test("buffers are exchanged without losing a record")
    func complete() async throws {
        let (trace, summary) = try await Self.record(spares: 4)
        #expect(trace.records.map(\.sent) == Array(1...10) && trace.gap == nil)
        #expect(trace.keys.names == ["127.0.0.1"] && trace.steps.names == ["read"] && trace.users.names == ["0"])
        #expect(summary.requests == 10 && summary.isComplete)
    }

    @Test("if writing cannot keep up, the trace says how many requests it lacks")
    func behind() async throws {
        let (trace, summary) = try await Self.record(spares: 2)
        #expect(trace.records.map(\.sent) == Array(1...6) && trace.gap == TraceGap(lost: 4))
        #expect(summary.requests == 6 && summary.lost == 4 && !summary.isComplete)
    }

    @Test("a file that cannot be created is an error before the load")
    func noFile() {
        #expect(throws: LoadError.self) { try TraceDrain(path: "/nowhere/trace", origin: 0, sources: 1) }
    }
}
