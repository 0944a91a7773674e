import Foundation
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Each kind of step, against a scripted server.
@Suite(.timeLimit(.minutes(1)))
struct StepTests {
    /// A server that echoes each request with a running number.
    private static func echo() throws -> ScriptedServer {
        let count = Atomic<Int>(0)
        return try ScriptedServer { connection in
            while let request = connection.read() {
                let number = count.add(1, ordering: .relaxed).newValue
                let body = JSON.string(String(decoding: request.body, as: UTF8.self)).serialized()
                let headers = JSON.object(JSONObject(request.headers.map { ($0.key, JSON.string($0.value)) }))
                    .serialized()
                let answer = ScriptedAnswer.json(
                    """
                    {"number":\(number),"method":"\(request.method)","target":\(JSON.string(request.target).serialized()),\
                    "headers":\(headers),"body":\(body)}
                    """)
                guard connection.write(answer.bytes) else { return }
            }
        }
    }

    @Test("a captured value can be used in later steps and keeps its type")
    func captures() async throws {
        let result = try await RunnerFixture.run(
            """
            { "id": "a", "request": { "url": "/a" }, "capture": { "n": { "json": "$.number" }, "t": { "json": "$.target", "match": "/(.)" } } },
            { "id": "b", "request": { "method": "POST", "url": "/{{t}}?n={{n}}", "json": { "n": "{{n}}", "text": "<{{n}}>" } },
              "expect": { "json": { "$.target": "/a?n=1", "$.body": "{\\"n\\":1,\\"text\\":\\"<1>\\"}" } } }
            """, against: Self.echo())
        #expect(result.messages == [])
        #expect(result.only.steps.map(\.captures.count) == [2, 0])
    }

    @Test("bodies, headers and credentials are sent as written")
    func requests() async throws {
        let result = try await RunnerFixture.run(
            """
            { "id": "form", "request": { "method": "POST", "url": "/", "form": { "a b": "ü&", "list": [1, 2] } },
              "expect": { "json": { "$.body": "a%20b=%C3%BC%26&list=1&list=2", "$.headers['content-type']": "application/x-www-form-urlencoded" } } },
            { "id": "query", "request": { "url": "/p?x=1", "query": { "q": "a b" } }, "expect": { "json": { "$.target": "/p?x=1&q=a%20b" } } },
            { "id": "basic", "request": { "url": "/", "basic": { "username": "Aladdin", "password": "open sesame" } },
              "expect": { "json": { "$.headers.authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" } } },
            { "id": "bearer", "request": { "url": "/", "bearer": "t" }, "expect": { "json": { "$.headers.authorization": "Bearer t" } } },
            { "id": "text", "request": { "method": "PUT", "url": "/", "text": "héllo", "headers": { "X-Empty": "", "content-type": "a/b" } },
              "expect": { "json": { "$.method": "PUT", "$.body": "héllo", "$.headers['content-type']": "a/b", "$.headers['x-empty']": "" } } },
            { "id": "empty-post", "request": { "method": "POST", "url": "/../up" },
              "expect": { "json": { "$.headers['content-length']": "0", "$.headers": { "not": { "includes": { "expect": "100-continue" } } }, "$.target": "/../up" } } },
            { "id": "multipart", "request": { "method": "POST", "url": "/", "multipart": { "a": "1", "f": { "text": "x", "filename": "n\\"\\n.txt", "contentType": "text/plain" } } },
              "expect": { "json": { "$.headers['content-type']": { "startsWith": "multipart/form-data; boundary=" },
                "$.body": { "matches": "Content-Disposition: form-data; name=\\"f\\"; filename=\\"n%22%0A.txt\\"\\r\\nContent-Type: text/plain\\r\\n\\r\\nx\\r\\n--" } } } },
            { "id": "delete", "request": { "method": "DELETE", "url": "/x" }, "expect": { "json": { "$.method": "DELETE", "$.body": "" } } },
            { "id": "cookies", "request": { "url": "/", "cookies": { "a": "1", "b": "2" } }, "expect": { "json": { "$.headers.cookie": "a=1; b=2" } } }
            """, against: Self.echo())
        #expect(result.messages == [])
    }

    @Test("an exchange records its stored cookies, client options and timeout")
    func commands() async throws {
        let server = try ScriptedServer(answering: { request in
            guard request.target != "/set" else { return ScriptedAnswer(204, [("Set-Cookie", "sid=abc; Path=/in")]) }
            return ScriptedAnswer.json(JSON.string(request.headers["cookie"] ?? "").serialized())
        })
        let result = try await RunnerFixture.run(
            #"""
            { "id": "set", "request": { "url": "/set" } },
            { "id": "out", "request": { "url": "/out" } },
            { "id": "in", "repeat": 2, "request": { "url": "/in", "timeout": "20s" } },
            { "id": "own", "request": { "url": "/in", "cookies": { "a": "1" } } },
            { "id": "burst", "burst": { "count": 2 }, "request": { "url": "/in" } }
            """#, head: #""client": { "httpVersion": "1.1" },"#, against: server, { $0.timeout = .seconds(10) })
        #expect(result.messages == [])
        let exchanges = result.only.steps.flatMap(\.exchanges)
        #expect(exchanges.map(\.storedCookies) == [nil, nil, "sid=abc", "sid=abc", "sid=abc", "sid=abc", "sid=abc"])
        #expect(exchanges.allSatisfy { $0.client.httpVersion == "1.1" })
        #expect(exchanges[2].request.options.timeout == .seconds(20), "the request's own timeout")
    }

    @Test("a step keeps all of up to 32 exchanges, and of more only the first, the last and the failed ones")
    func keeps() async throws {
        let few = try await RunnerFixture.run(
            #"""
            { "id": "r", "repeat": 8, "request": { "url": "/" } },
            { "id": "p", "poll": { "until": { "json": { "$.number": 12 } }, "interval": "1ms" }, "request": { "url": "/" } },
            { "id": "b", "burst": { "count": 32, "concurrency": 4 }, "request": { "url": "/" } },
            { "id": "more", "repeat": 33, "request": { "url": "/" } },
            { "id": "failing", "burst": { "count": 40, "concurrency": 1 }, "request": { "url": "/" }, "expect": { "json": { "$.number": { "ne": 90 } } } }
            """#, against: Self.echo())
        #expect(few.only.steps.map(\.requests) == [8, 4, 32, 33, 40])
        #expect(few.only.steps.map(\.exchanges.count) == [8, 4, 32, 2, 3])
    }

    @Test("exchanges with large bodies are not all kept")
    func bounded() async throws {
        let server = try ScriptedServer(answering: { _ in
            ScriptedAnswer(200, bytes: [UInt8](repeating: 97, count: 3 << 20))
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "r", "repeat": 8, "request": { "url": "/" } }"#, against: server)
        #expect(result.only.steps.map(\.exchanges.count) == [2])
    }

    @Test("a repeat stops at its first failure and keeps only some exchanges")
    func repeats() async throws {
        let failing = try await RunnerFixture.run(
            #"{ "id": "r", "repeat": 10, "request": { "url": "/" }, "expect": { "json": { "$.number": { "lt": 4 } } } }"#,
            against: Self.echo())
        #expect(failing.only.steps[0].requests == 4)
        #expect(failing.only.steps[0].assertions == StepResult.Assertions(passed: 3, failed: 1))
        let passing = try await RunnerFixture.run(
            #"{ "id": "r", "repeat": 500, "request": { "url": "/" }, "expectAll": { "json": { "$.number": { "increasing": true, "first": 1, "last": 500 } } } }"#,
            against: Self.echo())
        #expect(passing.messages == [])
        #expect(passing.only.steps[0].exchanges.count == 2)
    }

    @Test("a poll waits for its condition, and on timeout reports the unmet one")
    func polls() async throws {
        let found = try await RunnerFixture.run(
            #"{ "id": "p", "poll": { "until": { "json": { "$.number": 4 } }, "interval": "1ms" }, "request": { "url": "/" }, "expect": { "status": 200 }, "capture": { "n": { "json": "$.number" } } }"#,
            against: Self.echo())
        #expect(found.messages == [])
        #expect(found.only.steps[0].requests == 4)
        #expect(found.only.steps[0].captures.map(\.value) == ["4"])
        let never = try await RunnerFixture.run(
            #"{ "id": "p", "poll": { "until": { "status": 201 }, "interval": "5ms", "timeout": "40ms" }, "request": { "url": "/" } }"#,
            against: Self.echo())
        #expect(never.messages == ["status is not as expected within 40.0ms in step \"p\""])
        #expect(never.only.outcome == .failed)
    }

    @Test("a poll checks its expectations on every response, and each condition counts as one assertion")
    func pollExpectations() async throws {
        func run(_ rest: String) async throws -> StepResult {
            let visits = Mutex(0)
            let server = try ScriptedServer(answering: { _ in
                let visit = visits.withLock { visits in
                    visits += 1
                    return visits
                }
                return .json(#"{"number":\#(visit)}"#, status: visit == 2 ? 500 : 200)
            })
            return try await RunnerFixture.run(
                #"""
                { "id": "p", "poll": { "until": { "json": { "$.number": { "gte": 4, "lt": 9 } } }, "interval": "1ms" },
                  "request": { "url": "/" }, \#(rest) }
                """#, against: server
            ).only.steps[0]
        }
        let early = try await run(#""expect": { "status": 200 }"#)
        #expect(early.outcome == .failed && early.requests == 2, "\(early)")
        #expect(early.failures.map(\.diagnostic.message) == ["status is not as expected in step \"p\""])
        #expect(early.assertions == StepResult.Assertions(passed: 1, failed: 1))
        #expect(early.captures.isEmpty)
        let last = try await run(
            #""expectAll": { "status": { "last": 200, "counts": { "200": 3, "500": 1 } } }, "capture": { "n": { "json": "$.number" } }"#
        )
        #expect(last.outcome == .passed && last.requests == 4, "\(last)")
        #expect(last.assertions == StepResult.Assertions(passed: 4))
        #expect(last.captures.map(\.value) == ["4"])
    }

    @Test("a capture fails if its path matches nothing, even if the path could match several values")
    func emptyCaptures() async throws {
        let server = try ScriptedServer(answering: { _ in .json(#"{"list":[]}"#) })
        for path in ["$.list[*].id", "$..id", "$.list[0]"] {
            let result = try await RunnerFixture.run(
                #"{ "id": "a", "request": { "url": "/" }, "capture": { "ids": { "json": "\#(path)" } } }"#,
                against: server)
            #expect(result.messages == ["nothing to capture as \"ids\" in step \"a\""])
            #expect(result.only.outcome == .failed)
        }
        let whole = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" }, "capture": { "ids": { "json": "$.list" } } }"#, against: server)
        #expect(whole.only.steps[0].captures.map(\.value) == ["[]"])
    }

    @Test("a poll sends no request or retry after its timeout, however slow responses are")
    func pollDeadline() async throws {
        let slow = try ScriptedServer(answering: { _ in
            Thread.sleep(forTimeInterval: 0.5)
            return ScriptedAnswer(200)
        })
        let late = try await RunnerFixture.run(
            #"{ "id": "p", "poll": { "until": { "status": 201 }, "interval": "10ms", "timeout": "300ms" }, "request": { "url": "/" } }"#,
            against: slow)
        #expect(late.only.steps[0].requests == 1)
        #expect(late.messages == ["status is not as expected within 300ms in step \"p\""])
        let resetting = try ScriptedServer { _ = $0.read() }
        let failing = try await RunnerFixture.run(
            #"{ "id": "p", "retry": 100, "poll": { "until": { "status": 200 }, "timeout": "250ms" }, "request": { "url": "/" } }"#,
            against: resetting)
        #expect(failing.only.outcome == .errored)
        #expect(failing.only.steps[0].duration < .seconds(5))
    }

    @Test("when a parallel step fails, its siblings and the steps that they call stop waiting")
    func neighbours() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let waiting =
            #""poll": { "until": { "status": 500 }, "interval": "0s", "timeout": "20s" }, "request": { "url": "/" }"#
        let called = #"{ "name": "called", "steps": [ { "id": "x", \#(waiting) }, { "id": "y", "sleep": "20s" } ] }"#
        let result = try await RunnerFixture.run(
            #"""
            { "id": "p", "parallel": [
                { "id": "polls", \#(waiting) }, { "id": "sleeps", "sleep": "20s" },
                { "id": "inner", "parallel": [ { "id": "deep", \#(waiting) } ] }, { "id": "calls", "call": { "file": "c.json" } },
                { "id": "fails", "request": { "url": "/" }, "expect": { "status": 201 } } ] },
            { "id": "after", "request": { "url": "/" } }
            """#, head: #""teardown": [ { "id": "t", "sleep": "1ms" } ],"#, against: server,
            files: ["c.json": called])
        let outcomes = result.only.steps.map { "\($0.id) \($0.outcome)" }
        #expect(
            outcomes == [
                "polls skipped", "sleeps skipped", "deep skipped", "calls/x skipped", "calls/y skipped", "fails failed",
                "after skipped", "t passed",
            ])
        #expect(result.messages.count == 1, "\(result.messages)")
    }

    @Test("cookies set in parallel steps are merged afterwards, and changed ones replace the old")
    func cookiesOfBranches() async throws {
        let last = Mutex<String?>(nil)
        let server = try ScriptedServer(answering: { request in
            last.withLock { $0 = request.headers["cookie"] }
            let value = request.target.dropFirst()
            return ScriptedAnswer(200, value.isEmpty ? [] : [("Set-Cookie", "\(value)")])
        })
        let result = try await RunnerFixture.run(
            """
            { "id": "a", "request": { "url": "/x=1" } },
            { "id": "p", "parallel": [
                { "id": "b", "request": { "url": "/x=2" } }, { "id": "c", "request": { "url": "/y=3" } } ] },
            { "id": "d", "request": { "url": "/" } }
            """, against: server)
        #expect(result.messages == [])
        #expect(last.withLock { $0 }?.split(separator: "; ").sorted() == ["x=2", "y=3"])
    }

    @Test("parallel steps run concurrently, and their captures are available afterwards")
    func parallel() async throws {
        // Responds only when all three requests have arrived, so steps that ran one by one would hang.
        let arrived = Atomic<Int>(0)
        let everybody = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            while let request = connection.read() {
                if request.target != "/after", arrived.add(1, ordering: .relaxed).newValue == 3 {
                    for _ in 0..<3 { everybody.signal() }
                }
                if request.target != "/after" { everybody.wait() }
                guard connection.write(ScriptedAnswer.json("{\"path\":\"\(request.target)\"}").bytes) else { return }
            }
        }
        let result = try await RunnerFixture.run(
            """
            { "id": "all", "parallel": [
              { "id": "a", "request": { "url": "/a" }, "capture": { "x": { "json": "$.path" } } },
              { "id": "b", "request": { "url": "/b" }, "capture": { "y": { "json": "$.path" } } },
              { "id": "c", "request": { "url": "/c" } } ] },
            { "id": "after", "request": { "url": "/after" }, "expect": { "json": { "$.path": "/after" }, "body": { "not": { "contains": "{{x}}{{y}}" } } } }
            """, against: server)
        #expect(result.messages == [])
        #expect(result.only.steps.map(\.id) == ["a", "b", "c", "after"])
    }

    @Test("a call runs another file's steps with its own variables and returns outputs")
    func calls() async throws {
        let files = [
            "login.json": """
            { "name": "login", "variables": { "user": "nobody" }, "steps": [
              { "id": "go", "request": { "url": "/{{user}}" }, "capture": { "token": { "json": "$.target" } } } ] }
            """
        ]
        let result = try await RunnerFixture.run(
            """
            { "id": "login", "call": { "file": "login.json", "parameters": { "user": "ada" }, "outputs": ["token"] } },
            { "id": "use", "request": { "url": "/use{{token}}" }, "expect": { "json": { "$.target": "/use/ada" } } }
            """, against: Self.echo(), files: files)
        #expect(result.messages == [])
        #expect(result.only.steps.map(\.id) == ["login/go", "use"])
    }

    @Test("a required variable of a called file must be a parameter, or the file is rejected")
    func requiredParameters() async throws {
        let files = [
            "c.json":
                #"{ "name": "c", "requires": ["key"], "steps": [ { "id": "x", "request": { "url": "/{{key}}" }, "expect": { "json": { "$.target": "/k" } } } ] }"#
        ]
        let result = try await RunnerFixture.run(
            #"{ "id": "c", "call": { "file": "c.json", "parameters": { "key": "k" } } }"#, against: Self.echo(),
            files: files)
        #expect(result.messages == [])
        let error = #expect(throws: InvalidFile.self) {
            try RunnerFixture.read(
                #"{ "name": "n", "steps": [ { "id": "c", "call": { "file": "c.json" } } ] }"#, files: files)
        }
        #expect(error?.diagnostics.map(\.message) == [#"c.json requires the variable "key""#])
    }

    @Test("teardown always runs, and steps after a failure are reported as skipped")
    func teardown() async throws {
        let result = try await RunnerFixture.run(
            """
            { "id": "fails", "request": { "url": "/" }, "expect": { "status": 500 } },
            { "id": "skipped", "request": { "url": "/" } }
            """,
            head:
                #""teardown": [ { "id": "clean", "request": { "method": "DELETE", "url": "/" }, "expect": { "status": 200 } } ],"#,
            against: Self.echo())
        #expect(result.only.steps.map(\.outcome) == [.failed, .skipped, .passed])
        #expect(result.only.steps.map(\.requests) == [1, 0, 1])
    }

    @Test("each data row is a run of its own, and sequential order takes one row per run")
    func data() async throws {
        let step =
            #"{ "id": "a", "request": { "url": "/{{name}}" }, "expect": { "json": { "$.target": "/{{name}}" } } }"#
        let every = try await RunnerFixture.run(
            step, head: #""data": { "file": "rows.csv" },"#, against: Self.echo(),
            files: ["rows.csv": "name,age\nada,36\n\"gra,ce\",85\n"])
        #expect(every.messages == [])
        #expect(every.scenarios.map(\.name) == ["test [row 1]", "test [row 2]"])
        #expect(every.scenarios.map { $0.steps[0].exchanges[0].request.target } == ["/ada", "/gra,ce"])
        let sequential = try await RunnerFixture.run(
            step, head: #""data": { "rows": [ { "name": "x" }, { "name": "y" } ], "order": "sequential" },"#,
            against: Self.echo(), { $0.repetitions = 3 })
        #expect(sequential.scenarios.map { $0.steps[0].exchanges[0].request.target } == ["/x", "/y", "/x"])
    }

    @Test("an environment's block overrides the file's variables, and the command line overrides both")
    func environments() async throws {
        let head = #""variables": { "a": "1", "b": "1", "c": 1 }, "environments": { "staging": { "b": "2", "c": 2 } },"#
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/{{a}}{{b}}{{c}}" } }"#, head: head, against: Self.echo(),
            { runner in
                runner.environmentBlock = "staging"
                runner.variables = ["c": "3"]
            })
        #expect(result.only.steps[0].exchanges[0].request.target == "/123")
    }

    @Test("a skipped scenario sends nothing and is reported as skipped")
    func skip() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" } }"#, head: #""skip": "not today","#, against: Self.echo())
        #expect(result.only.outcome == .skipped)
        #expect(result.only.requests == 0)
    }
}
