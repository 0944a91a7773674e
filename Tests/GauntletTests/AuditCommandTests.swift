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
                "6 requests from 127.0.0.9 were admitted within 9.98 s; the policy allows 5 in any 10s."),
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
        let result = try await Self.audit(trace, "--freshness", "--report", "json=-")
        #expect(result.code == 4)
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(document["verdict"] as? String == "failed")
        let audits = try #require(document["audits"] as? [[String: Any]])
        #expect(
            audits.first?["sentence"] as? String
                == "1 read of 1 is stale: the worst showed \"1\" for list at least 1 s after \"2\" was acknowledged."
        )
    }

    @Test("an audit is written in several formats at once")
    func reports() async throws {
        try await TemporaryDirectory.with { directory in
            let (trace, text) = ("\(directory)/trace.csv", "\(directory)/audit.txt")
            try Data(Self.trace([0, 1]).utf8).write(to: URL(filePath: trace))
            let result = try await Program.gauntlet(
                "audit", "--freshness", "--report", "json=-", "text=\(text)", trace)
            #expect(result.code == 0 || result.code == 3, "\(result)")
            #expect(result.output.hasPrefix("{"), "\(result)")
            #expect(try String(contentsOfFile: text, encoding: .utf8).contains("fresh reads"))
            let unknown = try await Program.gauntlet("audit", "--freshness", "--report", "csv=-", trace)
            #expect(unknown.code == 1 && unknown.errors.contains("unknown format \"csv\""), "\(unknown)")
        }
    }

    @Test("invalid traces and options are rejected with the place and the reason")
    func errors() async throws {
        let row = try await Self.audit(Self.header + "r,k,5,2,admitted,,\n", "--freshness")
        #expect(row.code == 2 && row.errors.contains("trace.csv: line 2: received_ns 2 is before sent_ns 5"), "\(row)")
        let policy = try await Self.audit(Self.trace([0]), "--rate-limit", "window:5/10s")
        #expect(policy.code == 1 && policy.errors.contains("\"window\" is not a kind of limit"), "\(policy)")
        let nothing = try await Self.audit(Self.trace([0]))
        #expect(nothing.code == 1 && nothing.errors.contains("nothing to audit"), "\(nothing)")
        #expect(try await Program.gauntlet(["audit", "--freshness", "/nowhere/trace.csv"]).code == 2)
    }
}
