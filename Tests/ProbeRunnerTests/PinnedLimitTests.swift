import JSONDocuments
import Probe
import ProbeRunner
import Scenario
import Testing

struct PinnedLimitTests {
    private static func findings(_ change: (inout LimitFindings) -> Void = { _ in }) -> LimitFindings {
        var findings = LimitFindings()
        findings.present = Finding(true, .certain, "")
        findings.kind = Finding("sliding-window", .certain, "")
        findings.limit = Finding(5, .certain, "")
        findings.window = Finding(10, .certain, "")
        findings.exact = Finding(true, .certain, "")
        change(&findings)
        return findings
    }

    private static let file = SourceFile(
        path: "limit.json",
        bytes: Array(
            #"""
            { // A comment.
              "name": "reads", "variables": { "user": "ada" }, "load": { "rate": "5/s" },
              "setup": [{ "id": "login", "request": { "url": "/login" } }],
              "steps": [{ "id": "other", "request": { "url": "/" } },
                        { "id": "read", "request": { "url": "/todos/{{user}}" }, "expect": { "status": 200 } }] }
            """#.utf8))

    private static func pinned(
        _ findings: LimitFindings, _ request: PinnedRequest = .step("read", file), denied: Set<Int> = [429]
    ) throws -> JSONNode {
        let pinned = try #require(PinnedLimit(findings, of: request, summary: "Five.", denied: denied, admitted: [200]))
        let bytes = Array(pinned.text.utf8)
        #expect(pinned.text.hasPrefix("// What gauntlet probe found:\n// Five.\n{"))
        _ = try ScenarioReader.read(SourceFile(path: "pinned.json", bytes: bytes))
        return try JSONDocument(parsing: bytes, options: .scenario).root
    }

    @Test("the scenario keeps variables and setup, and sends the step's request")
    func keepsSetup() throws {
        let pinned = try Self.pinned(Self.findings())
        #expect(pinned["variables"]?["user"]?.string == "ada")
        #expect(pinned["setup"]?[0]?["id"]?.string == "login")
        #expect(pinned["load"] == nil)
        let requests = pinned["steps"]?.elements.compactMap { $0["request"] } ?? []
        #expect(requests.count == 10 && requests.allSatisfy { $0["url"]?.string == "/todos/{{user}}" })
    }

    @Test("the audit has the policy and is about every request")
    func audit() throws {
        let pinned = try Self.pinned(Self.findings())
        let limit = try #require(pinned["audit"]?["rateLimit"])
        #expect(limit["policy"]?.value == ["kind": "sliding-window", "limit": 5, "window": "10s"])
        let sending = pinned["steps"]?.elements.filter { $0["request"] != nil }.compactMap { $0["id"]?.value } ?? []
        #expect(limit["steps"]?.value == .array(sending))
        #expect(limit["denied"] == nil && limit["promises"] == nil)
    }

    @Test("more requests than the limit are sent, at the same time only if the limit is exact")
    func bursts() throws {
        let exact = try Self.pinned(Self.findings())
        #expect(exact["steps"]?.elements.first { $0["burst"] != nil }?["burst"]?["count"]?.value == 8)
        let leaky = try Self.pinned(Self.findings { $0.exact = Finding(false, .certain, "") })
        #expect(leaky["steps"]?.elements.contains { $0["burst"] != nil } == false)
        #expect(leaky["steps"]?.elements.contains { $0["repeat"]?.value == 8 } == true)
    }

    @Test("a limit of more than one is also used in two halves")
    func halves() throws {
        let ids = try Self.pinned(Self.findings())["steps"]?.elements.compactMap { $0["id"]?.string } ?? []
        #expect(ids.contains("use half of it") && ids.contains("use what is free"))
        let one = try Self.pinned(Self.findings { $0.limit = Finding(1, .certain, "") })
        #expect(one["steps"]?.elements.contains { $0["id"]?.string == "use half of it" } == false)
    }

    @Test(
        "a token bucket is pinned by its burst and a round rate",
        arguments: [(2.499999, "5/2s"), (5.01, "5/s"), (1.0 / 30, "1/30s"), (1 / 0.4237, "1/424ms")])
    func bucket(measured: Double, rate: String) throws {
        let pinned = try Self.pinned(
            Self.findings {
                $0.kind = Finding("token-bucket", .certain, "")
                $0.burst = Finding(20, .certain, "")
                $0.rate = Finding(measured, .certain, "")
            })
        #expect(
            pinned["audit"]?["rateLimit"]?["policy"]?.value == [
                "kind": "token-bucket", "burst": 20, "rate": .string(rate),
            ])
    }

    @Test("another denial status and accurate promises are pinned too")
    func statuses() throws {
        let pinned = try Self.pinned(
            Self.findings {
                $0.retryAfter = Finding("accurate", .certain, "")
                $0.fields = Finding("accurate", .certain, "")
            }, denied: [503])
        #expect(pinned["audit"]?["rateLimit"]?["denied"]?.value == [503])
        #expect(pinned["audit"]?["rateLimit"]?["promises"]?.value == true)
        #expect(pinned["steps"]?.elements.contains { $0["expect"]?["status"]?["in"]?.value == [200, 503] } == true)
    }

    @Test("a credential is not written to the file")
    func credential() throws {
        let request = Request(
            method: "GET", target: "/x",
            headers: [Header("Authorization", "Bearer hunter2"), Header("Accept", "text/html")])
        let pinned = try #require(
            PinnedLimit(Self.findings(), of: .request(request), summary: "", denied: [429], admitted: [200]))
        #expect(!pinned.text.contains("hunter2"))
        let root = try JSONDocument(parsing: Array(pinned.text.utf8), options: .scenario).root
        #expect(root["variables"]?["authorization"]?.value == ["env": "AUTHORIZATION", "secret": true])
        #expect(root["steps"]?[1]?["request"]?["headers"]?["Authorization"]?.string == "{{authorization}}")
        #expect(root["steps"]?[1]?["request"]?["headers"]?["Accept"]?.string == "text/html")
    }

    @Test("nothing is pinned if limit, window or kind is not known")
    func unknown() {
        for change: (inout LimitFindings) -> Void in [
            { $0.limit = Finding() }, { $0.window = Finding() }, { $0.kind = Finding() },
            { $0.kind = Finding("delay", .likely, "") },
        ] {
            #expect(
                PinnedLimit(
                    Self.findings(change), of: .step("read", Self.file), summary: "", denied: [429], admitted: [200])
                    == nil)
        }
    }
}
