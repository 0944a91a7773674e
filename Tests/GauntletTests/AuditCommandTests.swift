import Foundation
import TestSupport
import Testing

/// The audit command's text, JSON and exit codes.
@Suite(.timeLimit(.minutes(1)))
struct AuditCommandTests {
    private static let header = "step,key,sent_ns,received_ns,outcome,operation,value\n"

    /// A trace of one client's requests, each lasting a millisecond.
    private static func trace(_ milliseconds: [Int], outcome: String = "admitted") -> String {
        header
            + milliseconds.map { "read,127.0.0.9,\($0)000000,\($0 + 1)000000,\(outcome),,\n" }.joined()
    }

    private static func audit(_ trace: String, _ words: String...) async throws -> Program.Outcome {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/trace.csv"
            try Data(trace.utf8).write(to: URL(filePath: path))
            return try await Program.gauntlet(["audit"] + words + [path])
        }
    }

    @Test("six admissions within ten seconds fail a limit of five per ten seconds")
    func failed() async throws {
        let result = try await Self.audit(
            Self.trace([0, 2000, 4000, 6000, 8000, 9979]), "--rate-limit", "sliding-window:5/10s")
        #expect(result.code == 4)
        #expect(
            result.output.contains(
                "6 requests from 127.0.0.9 were admitted within 9.98 s; the policy allows 5 in any 10 s."),
            "\(result.output)")
        #expect(result.output.contains("9.979000 s"))
    }

    @Test("a trace within the limit exits with 0, and an empty trace with 3")
    func kept() async throws {
        let proved = try await Self.audit(
            Self.trace([0, 1, 2, 3, 4, 20_000]), "--rate-limit", "sliding-window:5/10s")
        #expect(proved.code == 0 && proved.output.contains("✓ proved"), "\(proved)")
        let edge = try await Self.audit(
            Self.trace([0, 1, 2, 3, 4, 10_000]), "--rate-limit", "sliding-window:5/10s")
        #expect(edge.code == 0 && edge.output.contains("✓ consistent"), "\(edge)")
        let empty = try await Self.audit(Self.header, "--rate-limit", "sliding-window:5/10s")
        #expect(empty.code == 3 && empty.output.contains("? undecided"), "\(empty)")
    }

    @Test("a stale read fails freshness, and the JSON report contains the verdict")
    func stale() async throws {
        let trace =
            Self.header + "w,list,0,10,admitted,write,1\nw,list,20,30,admitted,write,2\n"
            + "r,list,1000000030,1000000040,admitted,read,1\n"
        let result = try await Self.audit(trace, "--freshness", "latest", "--report", "json=-")
        #expect(result.code == 4)
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(document["verdict"] as? String == "failed")
        let audits = try #require(document["audits"] as? [[String: Any]])
        #expect(
            audits.first?["sentence"] as? String
                == "1 read of 1 is stale: the worst showed \"1\" for list at least 1 s after \"2\" was acknowledged. "
                + "1 object stayed out of date to the end.")
    }

    @Test("a set that misses an element to the end fails, and a time to live excuses it")
    func sets() async throws {
        let trace =
            Self.header + "c,list,0,10,admitted,write,milk\nc,list,20,30,admitted,write,bread\n"
            + "r,list,40,50,admitted,read,milk bread\nr,list,1000000030,1000000040,admitted,read,milk\n"
        let result = try await Self.audit(trace, "--freshness", "contains")
        #expect(result.code == 4)
        #expect(
            result.output.contains(
                "1 read of 2 is stale: the worst did not show \"bread\" for list at least 1 s after its creation was "
                    + "acknowledged. 1 element is missing to the end."), "\(result.output)")
        #expect(result.output.contains("since the last write"), "\(result.output)")
        let cached = try await Self.audit(trace, "--freshness", "contains", "--ttl", "2s")
        #expect(cached.code == 0 && cached.output.contains("reads at most 2 s old"), "\(cached)")
    }

    @Test("a stampede and a broken promise are found in their columns")
    func columns() async throws {
        let trace = """
            key,sent_ns,received_ns,outcome,class,retry_after
            list,0,100,admitted,miss,
            list,50,150,admitted,miss,
            list,200,300,admitted,hit,
            a,0,100,denied,,1
            a,2000000000,2000000100,denied,,1

            """
        let result = try await Self.audit(trace, "--stampede", "1", "--promises")
        #expect(result.code == 4)
        #expect(
            result.output.contains(
                "2 concurrent reads of list reached the origin within 150 ns; at most 1 may for one fill."),
            "\(result.output)")
        #expect(
            result.output.contains("a was told to wait 1 s and denied 2 s after that response."), "\(result.output)")
    }

    @Test("a limit applies only to the steps that are named")
    func steps() async throws {
        let trace = Self.trace([0, 1, 2, 3, 4, 5]) + "login,127.0.0.9,6000000,7000000,admitted,,\n"
        let all = try await Self.audit(trace, "--rate-limit", "sliding-window:6/10s")
        #expect(all.code == 4, "\(all)")
        let some = try await Self.audit(trace, "--rate-limit", "sliding-window:6/10s", "--step", "read")
        #expect(some.code == 0, "\(some)")
    }

    @Test("an exported trace is read again and has the same verdict, and joined traces state their bound")
    func exported() async throws {
        try await TemporaryDirectory.with { directory in
            let (text, binary, history) = (
                "\(directory)/a.csv", "\(directory)/a.trace", "\(directory)/a.edn"
            )
            try Data(Self.trace([0, 1, 2, 3, 4, 5]).utf8).write(to: URL(filePath: text))
            let export = try await Program.gauntlet("audit", text, "--export", binary, "--export", history)
            #expect(export.code == 0 && export.output.isEmpty, "\(export)")
            let failed = try await Program.gauntlet("audit", "--rate-limit", "sliding-window:5/10s", binary)
            #expect(failed.code == 4, "\(failed)")
            let joined = try await Program.gauntlet(
                "audit", "--rate-limit", "sliding-window:12/10s", "--clock-bound", "2ms", binary, text)
            #expect(joined.code == 0, "\(joined)")
            #expect(
                joined.output.contains("Every interval was widened by 2 ms, the bound on the clock offset."),
                "\(joined)")
            let full = try await Program.gauntlet("audit", text, "--export", "/nowhere/x.csv")
            #expect(full.code == 3 && full.errors.contains("/nowhere/x.csv cannot be written"), "\(full)")
        }
    }

    @Test("an audit is written in several formats at once")
    func reports() async throws {
        try await TemporaryDirectory.with { directory in
            let (trace, text) = ("\(directory)/trace.csv", "\(directory)/audit.txt")
            try Data(Self.trace([0, 1]).utf8).write(to: URL(filePath: trace))
            let result = try await Program.gauntlet(
                "audit", "--freshness", "latest", "--report", "json=-", "text=\(text)", trace)
            #expect(result.code == 0 || result.code == 3, "\(result)")
            #expect(result.output.hasPrefix("{"), "\(result)")
            #expect(try String(contentsOfFile: text, encoding: .utf8).contains("fresh reads"))
            let unknown = try await Program.gauntlet("audit", "--freshness", "latest", "--report", "html=-", trace)
            #expect(unknown.code == 1 && unknown.errors.contains("unknown format \"html\""), "\(unknown)")
        }
    }

    @Test("invalid traces and options are rejected with the place and the reason")
    func errors() async throws {
        let row = try await Self.audit(Self.header + "r,k,5,2,admitted,,\n", "--freshness", "latest")
        #expect(row.code == 2 && row.errors.contains("trace.csv: line 2: received_ns 2 is before sent_ns 5"), "\(row)")
        let policy = try await Self.audit(Self.trace([0]), "--rate-limit", "window:5/10s")
        #expect(policy.code == 1 && policy.errors.contains("\"window\" is not a kind of limit"), "\(policy)")
        for (option, value, message) in [
            ("--stampede", "0", "--stampede must be greater than zero"),
            ("--ttl", "soon", "--ttl soon: expected a duration"),
            ("--export", "x.txt", "--export x.txt: expected a name that ends with .csv"),
        ] {
            let wrong = try await Self.audit(Self.trace([0]), "--freshness", "latest", option, value)
            #expect(wrong.code == 1 && wrong.errors.contains(message), "\(wrong)")
        }
        let nothing = try await Self.audit(Self.trace([0]))
        #expect(nothing.code == 1 && nothing.errors.contains("nothing to audit"), "\(nothing)")
        #expect(try await Program.gauntlet(["audit", "--freshness", "latest", "/nowhere/trace.csv"]).code == 2)
    }
}
