import Testing
import TestSupport

@testable import Audit
@testable import Trace

@Suite struct TraceCSVTests {
    private func read(_ text: String) throws(TraceError) -> RequestTrace { try TraceCSV.read(Array(text.utf8)) }

    @Test("columns may be quoted and in any order, and unknown ones are ignored")
    func columns() throws {
        let trace = try read(
            "outcome,\"sent_ns\",extra,received_ns,key\r\nadmitted,1,x,\"2\",\"a \"\"b\"\"\"\r\nunknown,3,,,c\r\n")
        #expect(trace.records.map(\.sent) == [1, 3])
        #expect(trace.records.map(\.received) == [2, TraceRecord.never])
        #expect(trace.keys.names == ["a \"b\"", "c"])
        #expect(trace.records[1].outcome == .unknown)
    }

    @Test(
        "an error names the line and what to write",
        arguments: [
            ("", "the file is empty; its first line names the columns"),
            (
                "step,key\n",
                "line 1: the column sent_ns is missing; the first line names the columns: step,key,sent_ns,received_ns,outcome,operation,value,user,class,retry_after,remaining,retried"
            ),
            ("sent_ns,received_ns,outcome\n1,2\n", "line 2: 2 fields, but the first line names 3 columns"),
            (
                "sent_ns,received_ns,outcome\n1,x,admitted\n",
                "line 2: received_ns is \"x\"; expected whole nanoseconds, below 2^62"
            ),
            (
                "sent_ns,received_ns,outcome\n\n1,2,ok\n",
                "line 3: outcome is \"ok\"; expected admitted, denied, other or unknown"
            ),
            ("sent_ns,received_ns,outcome\n5,2,admitted\n", "line 2: received_ns 2 is before sent_ns 5"),
            (
                "sent_ns,received_ns,outcome\n5,,admitted\n",
                "line 2: received_ns is empty; without a response the outcome is \"unknown\""
            ),
            ("sent_ns,received_ns,outcome,outcome\n", "line 1: the column outcome is named twice"),
            (
                "sent_ns,received_ns,outcome\n99999999999999999999,,unknown\n",
                "line 2: sent_ns is \"99999999999999999999\"; expected whole nanoseconds, below 2^62"
            ),
            ("sent_ns,received_ns,outcome\n\"1,2,admitted\n", "line 2: a quoted field does not end"),
        ])
    func errors(text: String, message: String) {
        #expect(throws: TraceError.self) { try read(text) }
        do { _ = try read(text) } catch { #expect("\(error)" == message) }
    }

    @Test("arbitrary bytes are read or rejected, and nothing traps")
    func anyBytes() {
        var random = SeededGenerator(seed: 4)
        let seedText = Array("step,key,sent_ns,received_ns,outcome,operation,value\nr,k,1,2,admitted,read,\"v\"\n".utf8)
        var read = 0
        for _ in 0..<5000 {
            var bytes = seedText
            for _ in 0..<random.int(1...4) {
                let position = Int(random.int(0...Int64(bytes.count - 1)))
                bytes[position] = UInt8(random.int(0...255))
            }
            if (try? TraceCSV.read(bytes)) != nil { read += 1 }
        }
        #expect(read > 0)
    }

    @Test("a clock bound widens every interval without overflow")
    func widened() throws {
        var trace = try read("sent_ns,received_ns,outcome\n5,10,admitted\n100,,unknown\n")
        trace.widen(by: 20)
        #expect(trace.records.map(\.sent) == [0, 80])
        #expect(trace.records.map(\.received) == [30, TraceRecord.never])
    }

    @Test(
        "a policy's description parses to the same policy",
        arguments: [
            "sliding-window:5/10s", "fixed-window:100/1h", "aligned-window:1/250ms", "sliding-counter:5/10s",
            "token-bucket:20@1/200ms",
        ])
    func policies(text: String) throws {
        #expect(try RateLimitPolicy(parsing: text).description == text)
    }

    @Test(
        "an invalid policy is rejected",
        arguments: [
            "5/10s", "window:5/10s", "sliding-window:0/10s", "sliding-window:5", "sliding-window:5/0s",
            "token-bucket:5/10s",
            "sliding-window:5/10x", "sliding-window:-1/10s", "sliding-window:5/1e99s",
        ])
    func invalidPolicies(text: String) {
        #expect(throws: InvalidPolicy.self) { try RateLimitPolicy(parsing: text) }
    }
}
