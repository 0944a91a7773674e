import Foundation
import ScenarioRunner
import Synchronization
import TestSupport
import Testing

/// `gauntlet load` of scenarios with audits, and with --trace, against servers that keep or break a promise.
@Suite(.timeLimit(.minutes(2)))
struct LoadAuditCommandTests {
    /// A server that admits five requests of each address, and one more if it is faulty.
    private static func limiter(admitting limit: Int) throws -> ScriptedServer {
        let counts = Mutex<[String: Int]>([:])
        return try ScriptedServer { connection in
            while connection.read() != nil {
                let count = counts.withLock { counts in
                    counts[connection.peer, default: 0] += 1
                    return counts[connection.peer, default: 0]
                }
                let answer: ScriptedAnswer = count <= limit ? .json("{}") : .json("{}", status: 429)
                guard connection.write(answer.bytes) else { return }
            }
        }
    }

    /// A server with one text. If it is faulty, every tenth read shows the text before the last write.
    private static func cache(isFaulty: Bool) throws -> ScriptedServer {
        let state = Mutex<(texts: [String], reads: Int)>((["first"], 0))
        return try ScriptedServer(answering: { request in
            state.withLock { state in
                if request.method == "PUT" {
                    let body = String(decoding: request.body, as: UTF8.self)
                    state.texts.append(body.split(separator: "\"").dropFirst(3).first.map(String.init) ?? "")
                    return .json("{}")
                }
                state.reads += 1
                let isStale = isFaulty && state.reads % 10 == 0 && state.texts.count > 3
                return .json(#"{"text":"\#(state.texts[state.texts.count - (isStale ? 3 : 1)])"}"#)
            }
        })
    }

    private static let limit = #"""
        { "name": "limit",
          "audit": { "rateLimit": { "steps": ["read"],
                                    "policy": { "kind": "sliding-window", "limit": 5, "window": "60s" } } },
          "steps": [{ "id": "read", "request": { "url": "/" }, "expect": { "status": { "in": [200, 429] } } }],
          "client": { "address": "own" } }
        """#

    private static let freshness = #"""
        { "name": "fresh", "variables": { "note": { "value": "hunter2", "secret": true } },
          "audit": { "freshness": { "writes": { "write": { "request": "$.text" } }, "reads": { "read": "$.text" },
                                    "key": "{{note}}" } },
          "steps": [
            { "id": "write", "request": { "method": "PUT", "url": "/", "json": { "text": "{{uuid()}}" } } },
            { "id": "read", "repeat": 5, "request": { "url": "/" }, "expect": { "status": 200 } } ] }
        """#

    private static func load(
        _ scenario: String, _ server: ScriptedServer, _ words: [String] = [], temporary: String? = nil
    ) async throws -> Program.Outcome {
        try await Program.gauntlet(
            [
                "load", "-", "--virtual-users", "3", "--max-requests", "90", "--duration", "20s", "--base-url",
                server.base.text, "--report", "json=-",
            ] + words, input: scenario,
            environment: temporary.map { ["TMPDIR": $0] } ?? [:])
    }

    private static func audits(_ outcome: Program.Outcome) throws -> [String: String] {
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let audits = try #require(report?["audits"] as? [[String: Any]])
        return Dictionary(
            uniqueKeysWithValues: audits.map { ($0["audit"] as? String ?? "", $0["verdict"] as? String ?? "") })
    }

    @Test("a load audits a limiter by its clients' addresses", arguments: [(5, "proved"), (6, "failed")])
    func limiter(_ admitted: Int, _ verdict: String) async throws {
        let outcome = try await Self.load(Self.limit, Self.limiter(admitting: admitted))
        let audits = try Self.audits(outcome)
        #expect(audits["sliding-window:5/60s admissions"] == verdict, "\(outcome)")
        #expect(["proved", "consistent"].contains(audits["sliding-window:5/60s denials"]), "\(outcome)")
        #expect(verdict == "failed" ? outcome.code == 4 : [0, 3].contains(outcome.code), "\(outcome)")
    }

    @Test("a load audits what reads show after writes, and shows no secret", arguments: [false, true])
    func cache(_ isFaulty: Bool) async throws {
        let outcome = try await Self.load(Self.freshness, Self.cache(isFaulty: isFaulty))
        let audits = try Self.audits(outcome)
        if isFaulty {
            #expect(audits["fresh reads"] == "failed" && outcome.code == 4, "\(outcome)")
        } else {
            #expect(["proved", "consistent"].contains(audits["fresh reads"]), "\(outcome)")
        }
        #expect(!outcome.output.contains("hunter2"), "\(outcome)")
    }

    @Test(
        "a user that waits as Retry-After says shows whether it is right",
        arguments: [(1, "failed"), (2, "consistent")])
    func promises(_ told: Int, _ verdict: String) async throws {
        // After its first request, a client is denied for a little less than two seconds.
        let first = Mutex<ContinuousClock.Instant?>(nil)
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                let isDenied = first.withLock { first in
                    guard let first else {
                        first = .now
                        return false
                    }
                    return ContinuousClock.now < first + .milliseconds(1900)
                }
                let answer: ScriptedAnswer =
                    isDenied ? ScriptedAnswer(429, [("Retry-After", "\(told)")], body: "{}") : .json("{}")
                guard connection.write(answer.bytes) else { return }
            }
        }
        let scenario = Self.limit.replacing(
            #""limit": 5, "window": "60s" }"#, with: #""limit": 1, "window": "2s" }, "promises": true"#
        )
        .replacing(#""client":"#, with: #""load": { "onDenied": "wait" }, "client":"#)
        let outcome = try await Self.load(
            scenario, server, ["--virtual-users", "1", "--max-requests", "\(told == 1 ? 4 : 3)"])
        #expect(try Self.audits(outcome)["Retry-After"] == verdict, "\(outcome)")
    }

    @Test("a load counts the reads that reach the origin for one fill, and checks sets", arguments: [false, true])
    func stampede(_ isFaulty: Bool) async throws {
        let state = Mutex<(isCached: Bool, names: [String])>((false, []))
        let server = try ScriptedServer(answering: { request in
            if request.method == "GET", request.target == "/cached" {
                let isCached = state.withLock { state in
                    defer { state.isCached = true }
                    return state.isCached && !isFaulty
                }
                // A read of the origin takes a while, so that reads overlap.
                if !isCached { Thread.sleep(forTimeInterval: 0.02) }
                return .json(#"{"source":"\#(isCached ? "cache" : "db")"}"#)
            }
            return state.withLock { state in
                if request.method == "POST" {
                    let body = String(decoding: request.body, as: UTF8.self)
                    state.names.append(body.split(separator: "\"").dropFirst(3).first.map(String.init) ?? "")
                    return .json("{}")
                }
                let names = isFaulty ? state.names.dropLast() : state.names[...]
                return .json("[\(names.map { "\"\($0)\"" }.joined(separator: ","))]")
            }
        })
        let scenario = #"""
            { "name": "fills",
              "audit": {
                "stampede": { "reads": ["cached"], "miss": { "json": { "$.source": "db" } } },
                "freshness": { "shape": "contains", "writes": { "add": { "request": "$.name" } },
                               "reads": { "list": "$[*]" } } },
              "steps": [
                { "id": "cached", "request": { "url": "/cached" } },
                { "id": "add", "request": { "method": "POST", "url": "/names", "json": { "name": "{{uuid()}}" } } },
                { "id": "list", "request": { "url": "/names" }, "expect": { "status": 200 } } ] }
            """#
        let audits = try Self.audits(try await Self.load(scenario, server))
        #expect((audits["at most 1 read per fill"] == "failed") == isFaulty, "\(audits)")
        #expect((audits["fresh reads"] == "failed") == isFaulty, "\(audits)")
        #expect(audits.count >= 3)
    }

    @Test("what is recorded for an audit is removed afterwards, and a trace is kept")
    func files() async throws {
        try await TemporaryDirectory.with { folder in
            let temporary = "\(folder)/temporary"
            try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
            let outcome = try await Self.load(
                Self.limit, Self.limiter(admitting: 5), ["--trace", "\(folder)/kept.trace"], temporary: temporary)
            #expect([0, 3].contains(outcome.code), "\(outcome)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
            let audit = try await Program.gauntlet(
                "audit", "--rate-limit", "sliding-window:5/60s", "\(folder)/kept.trace")
            #expect(audit.code == 0 && audit.output.contains("✓ proved"), "\(audit)")
            #expect(audit.output.contains("15"), "\(audit)")
        }
    }

    @Test("a trace that cannot be written is an error before the load, or leaves the load undecided")
    func fullDisk() async throws {
        let server = try Self.limiter(admitting: 5)
        let nowhere = try await Self.load(Self.limit, server, ["--trace", "/nowhere/trace"])
        #expect(nowhere.code == 3 && nowhere.errors.contains("/nowhere/trace cannot be written"), "\(nowhere)")
        #expect(server.requests == 0)
        let temporary = try await Self.load(Self.limit, server, temporary: "/nowhere")
        #expect(temporary.code == 3 && temporary.errors.contains("/nowhere/"), "\(temporary)")
        #expect(server.requests == 0)
        let full = try await Self.load(Self.limit, server, ["--trace", "/dev/full"])
        #expect(full.code == 3 && full.errors.contains("/dev/full cannot be written: No space left"), "\(full)")
        #expect(server.requests == 0)
    }

    @Test("a file system that is full during the load loses neither the result nor the other verdicts")
    func fullDuringLoad() async throws {
        let server = try Self.limiter(admitting: 5)
        try await TemporaryDirectory.with { folder in
            try Self.limit.write(toFile: "\(folder)/limit.json", atomically: false, encoding: .utf8)
            // Files of at most 1 KiB hold the header and no block of records.
            let outcome = try await Program.shell(
                "ulimit -f 1; exec \(try Programs.built("gauntlet")) load \(folder)/limit.json --virtual-users 3 "
                    + "--max-requests 900 --duration 20s --base-url \(server.base.text) --trace \(folder)/kept.trace")
            #expect(outcome.code == 3 && outcome.output.contains("? undecided"), "\(outcome)")
            #expect(outcome.errors.contains("kept.trace cannot be written: File too large"), "\(outcome)")
            #expect(outcome.output.contains("responses    900"), "\(outcome)")
        }
    }

    @Test("the audit of a rate limit cannot name a step that load does not record")
    func setup() async throws {
        let scenario = Self.limit.replacing(
            #""steps": ["read"]"#, with: #""steps": ["read", "first"]"#
        ).replacing(
            #""client":"#, with: #""setup": [{ "id": "first", "request": { "url": "/" } }], "client":"#)
        let outcome = try await Self.load(scenario, Self.limiter(admitting: 5))
        #expect(outcome.code == 2 && outcome.errors.contains("covers only requests of \"steps\""), "\(outcome)")
    }
}
