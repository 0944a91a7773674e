import Foundation
import ScenarioRunner
import Synchronization
import TestSupport
import Testing

/// `gauntlet probe limit` against servers with a known limiter.
@Suite(.timeLimit(.minutes(3)))
struct ProbeLimitCommandTests {
    /// At most three requests of an address in any second.
    private static func limiter(_ limit: Int = 3) throws -> ScriptedServer {
        let logs = Mutex<[String: [ContinuousClock.Instant]]>([:])
        return try ScriptedServer { connection in
            while connection.read() != nil {
                let isAdmitted = logs.withLock { logs in
                    let now = ContinuousClock.now
                    var log = (logs[connection.peer] ?? []).filter { $0 > now - .seconds(1) }
                    let isAdmitted = log.count < limit
                    if isAdmitted { log.append(now) }
                    logs[connection.peer] = log
                    return isAdmitted
                }
                let answer: ScriptedAnswer = isAdmitted ? .json("{}") : .json("{}", status: 429)
                guard connection.write(answer.bytes) else { return }
            }
        }
    }

    @Test("a probe finds kind, limit, window and key, and the pinned scenario fails once the limit differs by one")
    func findsAndPins() async throws {
        try await TemporaryDirectory.with { directory in
            let pinned = directory + "/pinned.json"
            let server = try Self.limiter()
            let outcome = try await Program.gauntlet(
                "probe", "limit", server.base.text + "/x", "--budget", "2000/2m", "--write", pinned, "--report",
                "json=\(directory)/probe.json", "html=\(directory)/probe.html")
            #expect(outcome.code == 0, "\(outcome)")
            let report = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: directory + "/probe.json")))
            let findings = (report as? [String: Any])?["limiter"] as? [String: [String: Any]] ?? [:]
            #expect(findings["limit"]?["value"] as? Int == 3, "\(outcome)")
            #expect(findings["kind"]?["value"] as? String == "sliding-window", "\(outcome)")
            #expect(abs((findings["windowSeconds"]?["value"] as? Double ?? 0) - 1) < 0.05, "\(outcome)")
            #expect(findings["key"]?["value"] as? String == "address", "\(outcome)")
            #expect(findings["bypass"]?["value"] as? Bool == false, "\(outcome)")
            #expect(outcome.errors.hasPrefix("at most 2000 requests in 2m"))

            let same = try await Program.gauntlet("run", pinned, "--base-url", server.base.text)
            #expect(same.code == 0, "\(same)")
            for limit in [2, 4] {
                let other = try Self.limiter(limit)
                let changed = try await Program.gauntlet("run", pinned, "--base-url", other.base.text)
                #expect(changed.code == 4, "\(limit): \(changed)")
            }
        }
    }

    @Test("a probe keeps its budget and says that nothing was found")
    func budget() async throws {
        let count = Atomic<Int>(0)
        let server = try ScriptedServer(answering: { _ in
            count.add(1, ordering: .relaxed)
            return .json("{}")
        })
        let outcome = try await Program.gauntlet("probe", "limit", server.base.text, "--budget", "50/1m")
        #expect(outcome.code == 3, "\(outcome)")
        #expect(count.load(ordering: .relaxed) == 50)
        #expect(outcome.errors.contains("the budget of requests is spent"), "\(outcome)")
    }

    @Test("a probe stops at the first 5xx, unless that is how the server denies")
    func serverError() async throws {
        let count = Atomic<Int>(0)
        let server = try ScriptedServer(answering: { _ in
            count.add(1, ordering: .relaxed).newValue > 3 ? .json("{}", status: 503) : .json("{}")
        })
        let stopped = try await Program.gauntlet("probe", "limit", server.base.text, "--budget", "50/1m")
        #expect(stopped.code == 3 && stopped.errors.contains("answered 5xx"), "\(stopped)")
        #expect(count.load(ordering: .relaxed) == 4)
        let denied = try await Program.gauntlet(
            "probe", "limit", server.base.text, "--denied", "503", "--budget", "20/2s")
        #expect(!denied.errors.contains("answered 5xx"), "\(denied)")
        #expect(denied.output.contains("were denied"), "\(denied)")
    }

    @Test(
        "what cannot be probed is rejected before anything is sent",
        arguments: [
            (["http://192.0.2.1/"], 1, "--yes"), (["nowhere.json"], 1, "--step"),
            (["http://127.0.0.1:1/", "--step", "x"], 1, "--step"),
            (["http://127.0.0.1:1/", "--budget", "x"], 1, "--budget"),
            (["http://"], 1, "expected a URL"), (["http://127.0.0.1:1/", "-H", "x"], 1, "NAME: VALUE"),
            (["http://127.0.0.1:1/", "--also", "x"], 1, "--also"),
            (["http://127.0.0.1:1/", "--write", "/nowhere/x.json"], 1, "/nowhere"),
            (["nowhere.json", "--step", "x", "--base-url", "http://127.0.0.1:1"], 2, "nowhere.json"),
        ])
    func rejected(words: [String], code: Int32, message: String) async throws {
        let outcome = try await Program.gauntlet(["probe", "limit"] + words)
        #expect(outcome.code == code, "\(outcome)")
        #expect(outcome.errors.contains(message), "\(outcome)")
    }

    @Test("a step that does not exist is reported with those that do")
    func unknownStep() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/x.json"
            try Data(#"{ "name": "x", "steps": [{ "id": "read", "request": { "url": "/" } }] }"#.utf8)
                .write(to: URL(filePath: path))
            let outcome = try await Program.gauntlet(
                "probe", "limit", path, "--step", "raed", "--base-url", "http://127.0.0.1:1")
            #expect(outcome.code == 3 && outcome.errors.contains("did you mean \"read\"?"), "\(outcome)")
        }
    }
}
