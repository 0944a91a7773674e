import Audit
import Foundation
import Load
import Scenario
import ScenarioRunner
import TestSupport
import Testing

@testable import TodoServer

/// Audits under load against the suite's faulty servers: each fault is found by its witness, and a healthy server is not
/// accused.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct FaultAuditTests {
    /// Which audit fails for which fault.
    private static let limitFaults: [(fault: String, audit: String)] = [
        ("admits one too many", "admissions"), ("counts by reading and then writing", "admissions"),
        ("ends the window a second early", "admissions"), ("has a bucket per path", "admissions"),
        ("has a bucket per method", "admissions"), ("has a bucket per token", "admissions"),
        ("trusts X-Forwarded-For", "admissions"), ("admits one too few", "denials"),
        ("ends the window a second late", "denials"), ("never expires a counter", "denials"),
        ("prolongs the window after denied requests", "denials"),
        ("prolongs the window after admitted requests", "denials"), ("has one bucket for all addresses", "denials"),
    ]
    private static let cacheFaults = [
        "never invalidates the cache", "invalidates the cache after the response",
        "fills the cache despite a concurrent write", "invalidates the cache before the write",
        "invalidates the cache only after creates", "shares one list among all users",
    ]

    /// Three users at each of eight addresses send nine requests a second for two windows and a half.
    private static let limit = #"""
        { "name": "limit",
          "audit": { "rateLimit": {
            "steps": ["list", "list as ada", "create", "show"], "admitted": ["2xx", 404],
            "policy": { "kind": "fixed-window", "limit": 5, "window": "10s" } } },
          "setup": [
            { "id": "register", "expect": { "status": "2xx" },
              "request": { "method": "POST", "url": "/register",
                           "json": { "username": "ada", "password": "correct horse" } } },
            { "id": "login", "capture": { "token": { "json": "$.access_token" } },
              "request": { "method": "POST", "url": "/login",
                           "form": { "username": "admin", "password": "admin123" } } },
            { "id": "login as ada", "capture": { "ada": { "json": "$.access_token" } },
              "request": { "method": "POST", "url": "/login",
                           "form": { "username": "ada", "password": "correct horse" } } } ],
          "steps": [
            { "id": "list", "request": { "url": "/todos", "bearer": "{{token}}",
                                         "headers": { "X-Forwarded-For": "10.0.0.{{randomInt(1, 250)}}" } } },
            { "id": "list as ada", "request": { "url": "/todos", "bearer": "{{ada}}" } },
            { "id": "create", "request": { "method": "POST", "url": "/todos", "bearer": "{{token}}",
                                           "json": { "title": "milk" } } },
            { "id": "show", "request": { "url": "/todos/999999", "bearer": "{{token}}" } },
            { "id": "pause", "sleep": "1s" } ],
          "load": { "virtualUsers": 24, "addresses": 8, "duration": "25s" } }
        """#

    /// Users of two accounts change the first todo of their account and read it.
    private static let freshness = #"""
        { "name": "freshness",
          "data": { "rows": [ { "account": "ada" }, { "account": "ben" } ] },
          "audit": { "freshness": { "writes": { "change": { "request": "$.title" } },
                                    "reads": { "read": "$.todos[0].title" }, "key": "{{account}}" } },
          "setup": [
            { "id": "register",
              "request": { "method": "POST", "url": "/register",
                           "json": { "username": "{{account}}", "password": "correct horse" } } },
            { "id": "login", "capture": { "token": { "json": "$.access_token" } },
              "request": { "method": "POST", "url": "/login",
                           "form": { "username": "{{account}}", "password": "correct horse" } } },
            { "id": "create",
              "request": { "method": "POST", "url": "/todos", "bearer": "{{token}}", "json": { "title": "new" } } },
            { "id": "list", "capture": { "todo": { "json": "$.todos[0].id" } },
              "request": { "url": "/todos", "bearer": "{{token}}" } } ],
          "steps": [
            { "id": "change", "request": { "method": "PATCH", "url": "/todos/{{todo}}", "bearer": "{{token}}",
                                           "json": { "title": "{{uuid()}}" } } },
            { "id": "read", "repeat": 20, "request": { "url": "/todos", "bearer": "{{token}}" } } ],
          "load": { "virtualUsers": 8, "duration": "4s" } }
        """#

    private static func fault(_ name: String) throws -> Fault {
        try #require(Fault.all.first { $0.name == name })
    }

    /// The findings of a load of a server with a fault, or without.
    private static func findings(
        _ text: String, _ fault: Fault?, limit: Bool
    ) async throws -> [String: AuditFinding] {
        var parts = Parts()
        // A slower database makes a race with a write more frequent.
        parts.databaseDelay = .milliseconds(20)
        fault?.change(&parts)
        if !limit { parts.policy.limit = 1_000_000 }
        parts.loginLimiter = { _ in nil }
        return try await FaultyServer.with(parts) { instances in
            let scenario = try ScenarioReader.read(SourceFile(path: "audit.json", bytes: Array(text.utf8)))
            var session = try LoadSession(
                scenario, target: LoadTarget(instances.one, client: scenario.client), options: LoadOptions(),
                variables: [:],
                sources: TemplateSources(
                    environment: [:], now: { Date().timeIntervalSince1970 }, readFile: { _ in [] }))
            let load = try await session.run(stop: StopFlag(), onFault: { _ in }) { run in
                while !run.isOver { try? await Task.sleep(for: .milliseconds(20)) }
            }
            return Dictionary(uniqueKeysWithValues: load.audits.map { ($0.audit, $0) })
        }
    }

    @Test("a limiter with a fault fails its audit, and one without passes")
    func limiters() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, audit) in Self.limitFaults {
                group.addTask {
                    let findings = try await Self.findings(Self.limit, Self.fault(name), limit: true)
                    let finding = try #require(findings["fixed-window:5/10s \(audit)"])
                    #expect(finding.verdict == .failed, "\(name): \(findings)")
                    #expect(!finding.witnesses.isEmpty, "\(name)")
                    #expect(finding.witnesses.allSatisfy { $0.key.hasPrefix("127.") }, "\(name)")
                    if audit == "admissions" { #expect(Set(finding.witnesses.map(\.key)).count == 1, "\(name)") }
                    print("\(name): \(finding.sentence)")
                }
            }
            group.addTask {
                let findings = try await Self.findings(Self.limit, nil, limit: true)
                #expect(findings.count == 2)
                for finding in findings.values {
                    #expect([.proved, .consistent].contains(finding.verdict), "\(finding)")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a cache with a fault fails its audit, and one without passes")
    func caches() async throws {
        for name in Self.cacheFaults {
            var findings: [String: AuditFinding] = [:]
            // A race needs a chance to happen: on a busy machine few requests are sent in the time of a load.
            for _ in 0..<6 where findings["fresh reads"]?.verdict != .failed {
                findings = try await Self.findings(Self.freshness, Self.fault(name), limit: false)
            }
            let fresh = try #require(findings["fresh reads"])
            #expect(fresh.verdict == .failed, "\(name): \(findings)")
            #expect(fresh.witnesses.contains { $0.what?.hasPrefix("read") == true }, "\(name): \(fresh)")
            #expect(fresh.witnesses.allSatisfy { ["ada", "ben"].contains($0.key) }, "\(name): \(fresh)")
            print("\(name): \(fresh.sentence)")
        }
        let findings = try await Self.findings(Self.freshness, nil, limit: false)
        #expect(findings.count == 4)
        for finding in findings.values {
            #expect([.proved, .consistent].contains(finding.verdict), "\(finding)")
        }
    }
}
