import Audit
import Glibc
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Audits of a run's own requests, against servers that keep or break a promise.
@Suite(.timeLimit(.minutes(1)))
struct AuditTests {
    /// A server that admits a number of requests from each address, by a header field or by the connection's peer.
    private static func limiter(admitting limit: Int, byKey: Bool = false) throws -> ScriptedServer {
        let counts = Mutex<[String: Int]>([:])
        return try ScriptedServer { connection in
            while let request = connection.read() {
                let client = byKey ? request.headers["x-key"] ?? "" : connection.peer
                let count = counts.withLock { counts in
                    counts[client, default: 0] += 1
                    return counts[client, default: 0]
                }
                let answer: ScriptedAnswer = count <= limit ? .json("{}") : .json("{}", status: 429)
                guard connection.write(answer.bytes) else { return }
            }
        }
    }

    private static let policy = #""policy": { "kind": "sliding-window", "limit": 5, "window": "60s" }"#

    private static func verdicts(_ result: RunResult) -> [String] {
        result.only.audits.map { "\($0.name): \($0.finding.verdict)" }
    }

    @Test(
        "a burst shows whether a limiter admits too many, and the run fails if it does",
        arguments: [(5, AuditVerdict.proved, OverallVerdict.passed), (6, .failed, .failed)])
    func admissions(_ admitted: Int, _ verdict: AuditVerdict, _ overall: OverallVerdict) async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "burst": { "count": 12 }, "request": { "url": "/" } }"#,
            head: #""audit": { "rateLimit": { "steps": ["read"], \#(Self.policy) } },"#,
            against: Self.limiter(admitting: admitted))
        let admissions = try #require(result.only.audits.first)
        #expect(admissions.name == "sliding-window:5/60s admissions")
        #expect(admissions.finding.verdict == verdict)
        #expect(admissions.finding.examined == admitted)
        #expect(result.verdict == overall)
        if verdict == .failed {
            #expect(admissions.finding.witnesses.count == 6)
            #expect(admissions.finding.witnesses.allSatisfy { $0.key.hasPrefix("127.") })
            #expect(result.messages == [#"the audit "sliding-window:5/60s admissions" failed"#])
        }
    }

    @Test("a limiter that denies too early is wrong")
    func denials() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "repeat": 6, "request": { "url": "/" } }"#,
            head: #""audit": { "rateLimit": { "steps": ["read"], \#(Self.policy) } },"#,
            against: Self.limiter(admitting: 4))
        #expect(
            Self.verdicts(result) == [
                "sliding-window:5/60s admissions: proved", "sliding-window:5/60s denials: failed",
            ])
    }

    @Test("requests in setup count too, if the audit names them", arguments: [false, true])
    func setup(_ isNamed: Bool) async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "repeat": 5, "request": { "url": "/" } }"#,
            head: #"""
                "setup": [ { "id": "first", "request": { "url": "/" } } ],
                "audit": { "rateLimit": { "steps": ["read"\#(isNamed ? #", "first""# : "")], \#(Self.policy) } },
                """#,
            against: Self.limiter(admitting: 5))
        let denials = try #require(result.only.audits.last)
        #expect(denials.finding.verdict == (isNamed ? .proved : .failed))
    }

    @Test("a key is rendered for each request, in parallel branches and groups too")
    func keys() async throws {
        let request = #""request": { "url": "/", "headers": { "X-Key": "{{key}}" } }"#
        let result = try await RunnerFixture.run(
            #"""
            { "id": "a", "repeat": 5, \#(request), "capture": { "key": { "body": true } } },
            { "id": "p", "parallel": [ { "id": "b", "repeat": 3, \#(request) },
                                       { "id": "g", "repeat": 2, "steps": [ { "id": "c", \#(request) } ] } ] }
            """#,
            head:
                #""variables": { "key": "first" }, "audit": { "rateLimit": { "steps": ["a", "b", "c"], "key": "{{key}}", \#(Self.policy) } },"#,
            against: Self.limiter(admitting: 5, byKey: true))
        // Five of each of two keys: more than five of one key would have failed.
        #expect(
            Self.verdicts(result) == [
                "sliding-window:5/60s admissions: proved", "sliding-window:5/60s denials: proved",
            ])
        #expect(result.only.audits.first?.finding.examined == 10)
    }

    @Test("an audit without evidence is undecided, and so is the run")
    func undecided() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "request": { "url": "/" } }"#,
            head: #""audit": { "rateLimit": { "steps": ["read"], "ignored": 200, \#(Self.policy) } },"#,
            against: Self.limiter(admitting: 5))
        #expect(result.only.audits.first?.finding.verdict == .undecided)
        #expect(result.verdict == .undecided(.incomplete))
    }

    @Test("a policy that is not valid ends the scenario before it sends anything")
    func invalidPolicy() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "request": { "url": "/" } }"#,
            head:
                #""variables": { "n": 0 }, "audit": { "rateLimit": { "steps": ["read"], "policy": { "kind": "sliding-window", "limit": "{{n}}", "window": "1s" } } },"#,
            against: Self.limiter(admitting: 5))
        #expect(result.only.startFailure?.diagnostic.code == .invalidValue)
        #expect(result.only.requests == 0)
    }

    // MARK: Freshness

    /// A server that stores a value, and shows the one before the latest if `isStale`.
    private static func store(isStale: Bool) throws -> ScriptedServer {
        let values = Mutex<[String]>(["null", "null"])
        return try ScriptedServer(answering: { request in
            values.withLock { values in
                if request.method == "PUT" {
                    values.append(String(decoding: request.body, as: UTF8.self))
                    return .json("{}", status: request.target == "/lost" ? 500 : 200)
                }
                return .json(#"{"shown":\#(values[values.count - (isStale ? 2 : 1)])}"#)
            }
        })
    }

    private static let rounds = #"""
        { "id": "round", "repeat": 4, "steps": [
            { "id": "write", "request": { "method": "PUT", "url": "/", "json": { "v": "{{uuid()}}" } } },
            { "id": "read", "request": { "url": "/" } } ] }
        """#
    private static let freshness =
        #""audit": { "freshness": { "writes": { "write": { "request": "$.v" } }, "reads": { "read": "$.shown.v" } } },"#

    @Test("reads that show an overwritten value are stale")
    func stale() async throws {
        let result = try await RunnerFixture.run(
            Self.rounds, head: Self.freshness, against: Self.store(isStale: true))
        #expect(
            Self.verdicts(result) == [
                "fresh reads: failed", "read your writes: failed", "monotonic reads: consistent",
                "linearizability: failed",
            ])
        #expect(result.only.audits.first?.finding.breaches == 4)
        #expect(result.verdict == .failed)
    }

    @Test("reads that show the latest value are fresh")
    func fresh() async throws {
        let result = try await RunnerFixture.run(
            Self.rounds, head: Self.freshness, against: Self.store(isStale: false))
        #expect(
            Self.verdicts(result) == [
                "fresh reads: proved", "read your writes: consistent", "monotonic reads: consistent",
                "linearizability: consistent",
            ])
        #expect(result.verdict == .passed)
    }

    @Test("a write that may have taken effect explains what is read later, but need not be read")
    func uncertainWrite() async throws {
        let steps = #"""
            { "id": "write", "request": { "method": "PUT", "url": "/", "json": { "v": 1 } } },
            { "id": "lost", "request": { "method": "PUT", "url": "/lost", "json": { "v": 2 } } },
            { "id": "read", "request": { "url": "/" } }
            """#
        let head =
            #""audit": { "freshness": { "writes": { "write": { "request": "$.v" }, "lost": { "request": "$.v" } }, "reads": { "read": "$.shown.v" } } },"#
        for isStale in [false, true] {
            let result = try await RunnerFixture.run(steps, head: head, against: Self.store(isStale: isStale))
            #expect(result.only.audits.first?.finding.verdict == .consistent)
        }
    }

    @Test("an object with a write of an unknown value is left out")
    func unknownValue() async throws {
        let result = try await RunnerFixture.run(
            Self.rounds,
            head:
                #""audit": { "freshness": { "writes": { "write": { "response": "$.id" } }, "reads": { "read": "$.shown.v" } } },"#,
            against: Self.store(isStale: true))
        #expect(result.only.audits.first?.finding.verdict == .undecided)
        #expect(result.only.audits.first?.finding.examined == 0)
    }

    @Test("a read within the time to live may show an overwritten value", arguments: ["1h", "1ns"])
    func timeToLive(_ ttl: String) async throws {
        let result = try await RunnerFixture.run(
            Self.rounds,
            head:
                #""audit": { "freshness": { "writes": { "write": { "request": "$.v" } }, "reads": { "read": "$.shown.v" }, "ttl": "\#(ttl)" } },"#,
            against: Self.store(isStale: true))
        #expect((result.only.audits.first?.finding.verdict == .failed) == (ttl == "1ns"))
    }

    // MARK: Sets

    /// A server that keeps a list, and never removes anything from it if `keepsAll`.
    private static func list(keepsAll: Bool) throws -> ScriptedServer {
        let names = Mutex<[String]>([])
        return try ScriptedServer(answering: { request in
            names.withLock { names in
                let name = String(decoding: request.body, as: UTF8.self)
                if request.method == "POST" { names.append(name) }
                if request.method == "DELETE", !keepsAll { names.removeAll { $0 == name } }
                return .json(#"{"names":[\#(names.joined(separator: ","))]}"#)
            }
        })
    }

    @Test(
        "a list must show what was added and not removed, also if values contain spaces", arguments: [false, true])
    func sets(_ keepsAll: Bool) async throws {
        let result = try await RunnerFixture.run(
            #"""
            { "id": "add", "repeat": 3, "request": { "method": "POST", "url": "/", "json": "a {{counter()}}" } },
            { "id": "list", "request": { "url": "/" } },
            { "id": "remove", "request": { "method": "DELETE", "url": "/", "json": "{{name}}" } },
            { "id": "list again", "request": { "url": "/" } }
            """#,
            head: #"""
                "variables": { "name": "a 2" },
                "audit": { "freshness": { "shape": "contains", "writes": { "add": { "request": "$" } },
                    "reads": { "list": "$.names[*]", "list again": "$.names[*]" }, "deletes": { "remove": "{{name}}" } } },
                """#,
            against: Self.list(keepsAll: keepsAll))
        let fresh = try #require(result.only.audits.first { $0.name == "fresh reads" })
        #expect((fresh.finding.verdict == .failed) == keepsAll, "\(fresh.finding.sentence)")
        #expect(fresh.finding.examined == 2)
        #expect((result.verdict == .failed) == keepsAll)
    }

    // MARK: Stampedes and promises

    @Test("reads that reach the origin together are a stampede", arguments: [1, 8])
    func stampede(_ misses: Int) async throws {
        let arrived = Atomic<Int>(0)
        let left = Atomic<Int>(misses)
        let server = try ScriptedServer(answering: { _ in
            // All requests are under way before the first response.
            arrived.add(1, ordering: .relaxed)
            while arrived.load(ordering: .relaxed) < 8 { usleep(200) }
            let isMiss = left.subtract(1, ordering: .relaxed).newValue >= 0
            return .json(#"{"source":"\#(isMiss ? "db" : "cache")"}"#)
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "burst": { "count": 8 }, "request": { "url": "/" } }"#,
            head: #""audit": { "stampede": { "reads": ["read"], "miss": { "json": { "$.source": "db" } } } },"#,
            against: server)
        let finding = try #require(result.only.audits.first?.finding)
        #expect((finding.verdict == .failed) == (misses > 1), "\(finding.sentence)")
        #expect(finding.examined == misses)
    }

    @Test("a client that waits as Retry-After says must be admitted")
    func promises() async throws {
        let server = try ScriptedServer(answering: { _ in
            ScriptedAnswer(429, [("Retry-After", "0"), ("RateLimit", #""read";r=0;t=1"#)])
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "repeat": 2, "request": { "url": "/" } }"#,
            head: #""audit": { "rateLimit": { "steps": ["read"], "promises": true, \#(Self.policy) } },"#,
            against: server)
        let waits = try #require(result.only.audits.first { $0.name == "Retry-After" })
        #expect(waits.finding.verdict == .failed, "\(waits.finding.sentence)")
    }

    @Test("secret keys are masked in verdicts")
    func secrets() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "read", "repeat": 7, "request": { "url": "/", "headers": { "X-Key": "{{key}}" } } }"#,
            head:
                #""variables": { "key": { "value": "hunter2hunter2", "secret": true } }, "audit": { "rateLimit": { "steps": ["read"], "key": "{{key}}", \#(Self.policy) } },"#,
            against: Self.limiter(admitting: 7, byKey: true))
        let finding = try #require(result.only.audits.first?.finding)
        #expect(finding.verdict == .failed)
        #expect(!"\(result.only.audits)".contains("hunter2"))
    }
}
