import JSONDocuments
import Probe
import ProbeRunner
import Scenario
import Testing

struct PinnedCacheTests {
    private static let file = SourceFile(
        path: "note.json",
        bytes: Array(
            #"""
            { "name": "note", "setup": [{ "id": "login", "request": { "url": "/login" } }],
              "steps": [{ "id": "write", "request": { "method": "PUT", "url": "/note", "text": "{{uuid()}}" } },
                        { "id": "read", "request": { "url": "/note" } }] }
            """#.utf8))

    private static func pinned(_ change: (inout CacheFindings) -> Void = { _ in }) throws -> JSONNode? {
        var findings = CacheFindings()
        findings.present = Finding(true, .certain, "")
        findings.visibleBy = Finding("header X-Cache=HIT", .certain, "")
        findings.ttlSeconds = Finding(5, .likely, "")
        findings.freshAfterWrite = Finding(true, .likely, "")
        change(&findings)
        let pinned = PinnedCache(
            findings, write: .step("write", file), read: .step("read", file), summary: "One. Two.")
        guard let pinned else { return nil }
        let bytes = Array(pinned.text.utf8)
        #expect(pinned.text.hasPrefix("// What gauntlet probe found:\n// One.\n// Two.\n{"))
        _ = try ScenarioReader.read(SourceFile(path: "pinned.json", bytes: bytes))
        return try JSONDocument(parsing: bytes, options: .scenario).root
    }

    private static func ids(_ pinned: JSONNode) -> [String] {
        pinned["steps"]?.elements.compactMap { $0["id"]?.string } ?? []
    }

    @Test("a fresh cache misses after a write, and hits until shortly before the end of the lifetime")
    func fresh() throws {
        let pinned = try #require(try Self.pinned())
        #expect(
            Self.ids(pinned) == [
                "wait for an empty cache", "fill", "hit", "write", "fill again", "hit again",
                "wait until shortly before the end", "late hit", "wait until shortly after the end", "miss",
            ])
        #expect(pinned["setup"]?[0]?["id"]?.string == "login")
        #expect(pinned["steps"]?[2]?["expect"]?["headers"]?["X-Cache"]?.string == "HIT")
        #expect(pinned["steps"]?[9]?["expect"]?["headers"]?["X-Cache"]?["not"]?.string == "HIT")
        #expect(pinned["steps"]?[6]?["sleep"]?.string == "4500ms" && pinned["steps"]?[8]?["sleep"]?.string == "1000ms")
    }

    @Test("a cache that writes do not empty still hits after a write")
    func stale() throws {
        let pinned = try #require(try Self.pinned { $0.freshAfterWrite = Finding(false, .certain, "") })
        #expect(Self.ids(pinned)[3...4] == ["write", "hit after the write"])
    }

    @Test("hits are recognised by a word in a field, and by a member of the body")
    func signals() throws {
        let word = try #require(
            try Self.pinned { $0.visibleBy = Finding("header Cache-Status contains hit", .certain, "") })
        #expect(word["steps"]?[2]?["expect"]?["headers"]?["Cache-Status"]?["contains"]?.string == "hit")
        #expect(word["steps"]?[1]?["expect"]?["headers"]?["Cache-Status"]?["not"]?["contains"]?.string == "hit")
        let member = try #require(try Self.pinned { $0.visibleBy = Finding("field source=cache", .certain, "") })
        #expect(member["steps"]?[2]?["expect"]?["json"]?["$['source']"]?.string == "cache")
    }

    @Test("nothing is pinned if hits do not show, or the lifetime is not known or not fixed")
    func unknown() throws {
        #expect(try Self.pinned { $0.visibleBy = Finding("time", .likely, "") } == nil)
        #expect(try Self.pinned { $0.ttlSeconds = Finding() } == nil)
        #expect(try Self.pinned { $0.slides = Finding(true, .certain, "") } == nil)
        #expect(try Self.pinned { $0.revalidates = Finding(true, .certain, "") } == nil)
    }
}
