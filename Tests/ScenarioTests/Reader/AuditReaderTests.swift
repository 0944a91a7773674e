import Audit
import Testing
import Trace

@testable import Scenario

/// The `audit` block.
@Suite struct AuditReaderTests {
    private func read(_ audit: String, variables: String = "{}") throws(InvalidFile) -> Scenario {
        try Fixture.read(
            """
            { "name": "n", "variables": \(variables), "audit": \(audit),
              "steps": [ { "id": "read", "request": { "url": "/" }, "capture": { "id": { "json": "$.id" } } },
                         { "id": "group", "steps": [ { "id": "write", "request": { "method": "PUT", "url": "/" } } ] } ] }
            """)
    }

    @Test("a rate limit has defaults for its key and statuses")
    func rateLimit() throws {
        let scenario = try read(
            #"{ "rateLimit": { "steps": ["read", "write"], "policy": { "kind": "fixed-window", "limit": 5, "window": "1m30s" } } }"#
        )
        let limit = try #require(scenario.audit.rateLimits.first)
        #expect(limit.steps == ["read", "write"])
        #expect(limit.key == nil)
        #expect([200, 304, 429, 404, 500].map(limit.outcome) == [.admitted, .admitted, .denied, .other, .other])
        #expect(try limit.policy.policy(in: Fixture.scope()) == .window(.fixed, limit: 5, length: 90_000_000_000))
    }

    @Test("statuses are codes and classes, and ignored ones precede denied ones")
    func statuses() throws {
        let scenario = try read(
            #"""
            { "rateLimit": [ { "steps": ["read"], "policy": { "kind": "token-bucket", "burst": 20, "rate": "1/200ms" },
                "denied": [503, "4xx"], "admitted": 200, "ignored": [401, "3xx"] } ] }
            """#)
        let limit = try #require(scenario.audit.rateLimits.first)
        #expect([200, 201, 503, 404, 401, 302].map(limit.outcome) == [.admitted, .other, .denied, .denied, nil, nil])
        #expect(
            try limit.policy.policy(in: Fixture.scope()) == .tokenBucket(burst: 20, tokens: 1, period: 200_000_000))
    }

    @Test("the numbers of a policy may be variables, as numbers or as text")
    func policyVariables() throws {
        let scenario = try read(
            #"{ "rateLimit": { "steps": ["read"], "policy": { "kind": "sliding-window", "limit": "{{n}}", "window": "{{w}}" } } }"#,
            variables: #"{ "n": 5, "w": "10s" }"#)
        let policy = try #require(scenario.audit.rateLimits.first).policy
        let expected = RateLimitPolicy.window(.sliding, limit: 5, length: 10_000_000_000)
        #expect(try policy.policy(in: Fixture.scope(["n": 5, "w": "10s"])) == expected)
        #expect(try policy.policy(in: Fixture.scope(["n": "5", "w": "10s"])) == expected)
        #expect(throws: PolicyTemplate.Fault.self) { try policy.policy(in: Fixture.scope(["n": 0, "w": "10s"])) }
        #expect(throws: PolicyTemplate.Fault.self) { try policy.policy(in: Fixture.scope(["n": 5, "w": "25h"])) }
    }

    @Test("a freshness audit knows where each written value comes from")
    func freshness() throws {
        let scenario = try read(
            #"{ "freshness": { "writes": { "write": { "request": "$.a" } }, "reads": { "read": "$.b" }, "key": "{{k}}" } }"#,
            variables: #"{ "k": "x" }"#)
        let freshness = try #require(scenario.audit.freshness.first)
        #expect(freshness.steps == ["write", "read"])
        guard case .request(let path) = freshness.writes[0].value else {
            Issue.record("\(freshness.writes[0].value)")
            return
        }
        #expect(path.description == "$.a" || path.description == "$['a']")
        #expect(freshness.key?.expressions.count == 1)
    }

    @Test("a key can use only variables that exist at every one of its steps")
    func keys() throws {
        let audit =
            #"{ "rateLimit": { "steps": ["STEP"], "key": "{{id}}", "policy": { "kind": "sliding-window", "limit": 1, "window": "1s" } } }"#
        _ = try read(audit.replacing("STEP", with: "write"))
        let error = #expect(throws: InvalidFile.self) { try read(audit.replacing("STEP", with: "read")) }
        #expect(error?.diagnostics.map(\.code) == [.undefinedVariable])
    }

    @Test("the kinds of policies in the schema are those that audits know")
    func kinds() {
        #expect(RateLimitPolicy.kinds.allSatisfy { PolicyTemplate.Kind($0) != nil })
    }
}
