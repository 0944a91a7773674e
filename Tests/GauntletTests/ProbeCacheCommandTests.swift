import Foundation
import ScenarioRunner
import Synchronization
import TestSupport
import Testing

/// `gauntlet probe cache` against servers with a known cache.
@Suite(.timeLimit(.minutes(3)))
struct ProbeCacheCommandTests {
    private struct Note: Sendable {
        var text = "first"
        var cached: (text: String, until: ContinuousClock.Instant)?
    }

    /// One text, cached for a time, and removed from the cache when another is written, unless the cache is stale.
    private static func cache(_ lifetime: Duration = .seconds(1), isStale: Bool = false) throws -> ScriptedServer {
        let note = Mutex(Note())
        return try ScriptedServer(answering: { request in
            note.withLock { note in
                if request.method == "PUT" {
                    let body = String(decoding: request.body, as: UTF8.self)
                    note.text = body.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
                    if !isStale { note.cached = nil }
                    return .json("{}")
                }
                if let cached = note.cached, cached.until > .now {
                    return .json(#"{"text":"\#(cached.text)","source":"cache"}"#)
                }
                note.cached = (note.text, .now + lifetime)
                return .json(#"{"text":"\#(note.text)","source":"db"}"#)
            }
        })
    }

    private static let scenario = #"""
        { "name": "note", "steps": [
            { "id": "write", "request": { "method": "PUT", "url": "/", "json": { "text": "{{uuid()}}" } } },
            { "id": "read", "request": { "url": "/" } } ] }
        """#

    private static func probe(
        _ scenario: String, _ server: ScriptedServer, _ words: [String] = [],
        _ body: (Program.Outcome, _ findings: [String: [String: Any]], _ directory: String) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/note.json"
            try Data(scenario.utf8).write(to: URL(filePath: path))
            let outcome = try await Program.gauntlet(
                [
                    "probe", "cache", path, "--write", "write", "--read", "read", "--base-url", server.base.text,
                    "--budget", "2000/2m", "--report", "json=\(directory)/probe.json", "--pin",
                    directory + "/pinned.json",
                ] + words)
            let data = try? Data(contentsOf: URL(filePath: directory + "/probe.json"))
            let report = data.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
            try await body(outcome, report?["cache"] as? [String: [String: Any]] ?? [:], directory)
        }
    }

    @Test("a probe finds lifetime and freshness, and the pinned scenario fails once the lifetime differs")
    func findsAndPins() async throws {
        let server = try Self.cache()
        try await Self.probe(Self.scenario, server) { outcome, findings, directory in
            #expect(outcome.code == 0, "\(outcome)")
            #expect(findings["present"]?["value"] as? Bool == true, "\(outcome)")
            #expect(findings["visibleBy"]?["value"] as? String == "field source=cache", "\(outcome)")
            #expect(abs((findings["ttlSeconds"]?["value"] as? Double ?? 0) - 1) < 0.1, "\(outcome)")
            #expect(findings["freshAfterWrite"]?["value"] as? Bool == true, "\(outcome)")
            let same = try await Program.gauntlet("run", directory + "/pinned.json", "--base-url", server.base.text)
            #expect(same.code == 0, "\(same)")
            let other = try Self.cache(.seconds(2))
            let changed = try await Program.gauntlet(
                "run", directory + "/pinned.json", "--base-url", other.base.text)
            #expect(changed.code == 4, "\(changed)")
        }
    }

    @Test("a cache that writes do not empty is stale until the value expires")
    func stale() async throws {
        try await Self.probe(Self.scenario, Self.cache(isStale: true)) { outcome, findings, _ in
            #expect(outcome.code == 0, "\(outcome)")
            #expect(findings["freshAfterWrite"]?["value"] as? Bool == false, "\(outcome)")
            let staleness = findings["staleness"]?["value"] as? [String: Any]
            #expect(staleness?["isLifetime"] as? Bool == true, "\(outcome)")
        }
    }

    @Test("a step that writes the same value each time is rejected")
    func sameValue() async throws {
        let scenario = Self.scenario.replacing("{{uuid()}}", with: "constant-value")
        try await Self.probe(scenario, Self.cache()) { outcome, _, _ in
            #expect(outcome.code == 3, "\(outcome)")
            #expect(outcome.errors.contains("writes the same value each time"), "\(outcome)")
            #expect(outcome.errors.contains("put {{uuid()}} into the value"), "\(outcome)")
        }
    }
}
