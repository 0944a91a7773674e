import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Runs of several scenarios against one server.
@Suite(.timeLimit(.minutes(1)))
struct SuiteTests {
    /// A server that responds with the request count and the client's address.
    private static func counter() throws -> ScriptedServer {
        let count = Atomic<Int>(0)
        return try ScriptedServer { connection in
            while connection.read() != nil {
                let number = count.add(1, ordering: .relaxed).newValue
                let body = "{\"number\":\(number),\"peer\":\"\(connection.peer)\"}"
                guard connection.write(ScriptedAnswer.json(body).bytes) else { return }
            }
        }
    }

    @Test("a scenario without its required variables is skipped with a reason")
    func requires() async throws {
        let server = try Self.counter()
        let head = #""requires": ["key"], "variables": { "key": { "env": "NO_SUCH_KEY" } },"#
        let step = #"{ "id": "a", "request": { "url": "/{{key}}" } }"#
        let without = try await RunnerFixture.run(step, head: head, against: server)
        #expect(without.only.outcome == .skipped && without.only.skipReason == "it needs --variable key=…")
        #expect(without.only.requests == 0)
        let empty = try await RunnerFixture.run(step, head: head, against: server) { $0.variables["key"] = "" }
        #expect(empty.only.outcome == .skipped)
        let with = try await RunnerFixture.run(step, head: head, against: server) { $0.variables["key"] = "k" }
        #expect(with.only.outcome == .passed)
        #expect(with.only.steps.first?.exchanges.first?.url.hasSuffix("/k") == true)
        let undeclared = try await RunnerFixture.run(step, head: #""requires": ["key"],"#, against: server) {
            $0.environment["NO_SUCH_KEY"] = "k"
        }
        #expect(undeclared.only.outcome == .skipped)
    }

    @Test("a call with once returns the same outputs to all callers, and fails for all")
    func once() async throws {
        let server = try Self.counter()
        let files = [
            "login.json": """
            { "name": "l", "variables": { "who": "x", "least": 0 }, "steps": [ { "id": "ask", "request": { "url": "/" },
              "expect": { "json": { "$.number": { "gte": "{{least}}" } } }, "capture": { "n": { "json": "$.number" } } } ] }
            """
        ]
        func scenario(_ parameters: String) throws -> Scenario {
            try RunnerFixture.read(
                """
                { "name": "s", "setup": [ { "id": "login", "call": { "file": "login.json", "parameters": \(parameters), "outputs": ["n"], "once": true } } ],
                  "steps": [ { "id": "a", "request": { "url": "/{{n}}" } } ] }
                """, files: files)
        }
        let ada = try scenario(#"{ "who": "ada" }"#)
        let ben = try scenario(#"{ "who": "ben" }"#)
        let bad = try scenario(#"{ "least": 1000 }"#)
        var runner = ScenarioRunner(base: server.base)
        runner.jobs = 4
        let result = await runner.run([ada, ada, ada, ben, bad, bad])
        withExtendedLifetime(server) {}
        #expect(result.scenarios.map(\.outcome) == [.passed, .passed, .passed, .passed, .failed, .failed])
        // Two logins and four requests with their outputs. The failed login fails both of its callers.
        #expect(result.scenarios.prefix(4).reduce(0) { $0 + $1.requests } == 6)
        let targets = result.scenarios.prefix(4).compactMap { $0.steps.last?.exchanges.first?.url }
        #expect(Set(targets).count == 2)
    }

    @Test(
        "a stopped run cancels its requests, runs teardown and does not pass",
        arguments: ["", #""burst": { "count": 9, "concurrency": 3 }, "#])
    func stopped(_ kind: String) async throws {
        let stop = StopFlag()
        let seen = Mutex<[String]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.read() {
                seen.withLock { $0.append(request.target) }
                if request.target == "/never" { stop.set() } else { connection.write(ScriptedAnswer(204).bytes) }
            }
        }
        let scenario = try RunnerFixture.read(
            """
            { "name": "waits", "steps": [ { "id": "a", \(kind)"request": { "url": "/never" } } ],
              "teardown": [ { "id": "bye", "request": { "url": "/bye" } } ] }
            """)
        // A request that is not cancelled would end by its timeout, with another message.
        let result = await ScenarioRunner(base: server.base).run([scenario, scenario], isStopped: stop)
        #expect(result.isInterrupted && result.outcome == .errored)
        #expect(result.scenarios.map(\.outcome) == [.errored, .skipped])
        #expect(result.scenarios[0].failures[0].diagnostic.message.contains("the run was stopped before"))
        #expect(result.scenarios[1].skipReason == "the run was stopped")
        // Those of a burst may be read by the server after it: they were sent at once.
        let targets = seen.withLock { $0 }
        #expect(targets.count { $0 == "/bye" } == 1 && targets.count <= 4)
    }

    @Test("failures outweigh errors in a run's verdict, and a run without checks is undecided")
    func verdicts() async throws {
        let server = try Self.counter()
        func scenario(_ step: String, head: String = "") throws -> Scenario {
            try RunnerFixture.read(#"{ "name": "s", \#(head) "steps": [ { "id": "a", \#(step) } ] }"#)
        }
        let passes = try scenario(#""request": { "url": "/" }, "expect": { "status": 200 }"#)
        let fails = try scenario(#""request": { "url": "/" }, "expect": { "status": 201 }"#)
        let errs = try scenario(#""request": { "url": "http://127.0.0.1:1/" }, "expect": { "status": 200 }"#)
        let skipped = try scenario(
            #""request": { "url": "/" }, "expect": { "status": 200 }"#, head: #""skip": "later","#)
        let asserts = try scenario(#""request": { "url": "/" }"#)
        let fromSetup = try scenario(
            #""request": { "url": "/" }, "within": { "z": "1ms" }, "expect": { "status": 201 }"#,
            head: """
                "setup": [ { "id": "z", "request": { "url": "/" }, "expect": { "status": 200 } },
                           { "id": "y", "sleep": "5ms" } ],
                """)
        let polled = try scenario(#""request": { "url": "/" }, "poll": { "until": { "status": 200 } }"#)
        let expected: [([Scenario], Outcome, OverallVerdict)] = [
            ([passes, skipped], .passed, .passed), ([passes, asserts], .passed, .passed), ([polled], .passed, .passed),
            ([errs, fails, passes], .failed, .failed), ([errs, passes], .errored, .undecided(.incomplete)),
            ([skipped, skipped], .skipped, .undecided(.nothingChecked)),
            ([asserts, skipped], .passed, .undecided(.nothingChecked)),
            ([fromSetup], .skipped, .undecided(.nothingChecked)), ([], .skipped, .undecided(.nothingChecked)),
        ]
        for (index, (scenarios, outcome, verdict)) in expected.enumerated() {
            let result = await ScenarioRunner(base: server.base).run(scenarios)
            #expect(result.outcome == outcome && result.verdict == verdict, "\(index): \(result.outcome)")
        }
        withExtendedLifetime(server) {}
    }

    @Test("a scenario with both a failed and an errored step has failed")
    func failedAndErrored() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" }, "expect": { "status": 201 } }"#,
            head: #""teardown": [ { "id": "t", "request": { "url": "http://127.0.0.1:1/" } } ],"#,
            against: Self.counter())
        #expect(result.only.steps.map(\.outcome) == [.failed, .errored])
        #expect(result.only.outcome == .failed)
    }

    @Test("scenarios not reached because of fail-fast are reported as skipped")
    func failFast() async throws {
        let server = try Self.counter()
        var runner = ScenarioRunner(base: server.base)
        runner.failFast = true
        let bad = try RunnerFixture.read(
            #"{ "name": "b", "steps": [ { "id": "a", "request": { "url": "/" }, "expect": { "status": 201 } } ] }"#)
        let result = await runner.run([bad, bad, bad])
        #expect(result.scenarios.map(\.outcome) == [.failed, .skipped, .skipped])
        #expect(!result.isInterrupted && result.outcome == .failed)
    }

    @Test("each request has its own source address if the scenario asks for it")
    func addresses() async throws {
        let result = try await RunnerFixture.run(
            """
            { "id": "one by one", "repeat": 3, "request": { "url": "/" }, "expectAll": { "json": { "$.peer": { "distinct": true } } } },
            { "id": "at once", "burst": { "count": 5 }, "request": { "url": "/" }, "expectAll": { "json": { "$.peer": { "distinct": true } } } }
            """, head: #""client": { "address": "each" },"#, against: Self.counter())
        #expect(result.messages == [])
    }

    @Test("since measures from a step that has started, and unknown steps are rejected")
    func since() async throws {
        let step = #"{ "id": "a", "sleep": "20ms" }, { "id": "b", "request": { "url": "/" }, "expect": { "since": { "#
        let passing = try await RunnerFixture.run(
            step + #""a": { "gte": "20ms" }, "b": { "lt": "20s" } } } }"#, against: Self.counter())
        #expect(passing.messages == [])
        let failing = try await RunnerFixture.run(step + #""a": { "lt": "20ms" } } } }"#, against: Self.counter())
        #expect(failing.messages == ["time since a is not as expected in step \"b\""])
        let error = try #require(throws: InvalidFile.self) {
            try RunnerFixture.read(#"{ "name": "n", "steps": [ \#(step)"c": 1 } } } ] }"#)
        }
        #expect(error.diagnostics.map(\.message) == ["there is no step \"c\" at or before this one"])
    }

    @Test("a failure after the within limit skips the step and all later ones")
    func within() async throws {
        func run(_ limit: String, status: Int) async throws -> RunResult {
            try await RunnerFixture.run(
                """
                { "id": "a", "sleep": "20ms" },
                { "id": "b", "request": { "url": "/" }, "within": { \(limit) }, "expect": { "status": \(status) } },
                { "id": "c", "request": { "url": "/" } }
                """, against: Self.counter())
        }
        let late = try await run(#""a": "10ms", "b": "1m""#, status: 500).only
        #expect(late.outcome == .skipped)
        #expect(late.skipReason == #"too slow to tell: more than 10.0ms after "a" began"#)
        #expect(late.steps.map(\.outcome) == [.passed, .skipped, .skipped])
        #expect(late.failures.isEmpty)
        #expect(try await run(#""a": "1m""#, status: 500).only.outcome == .failed)
        #expect(try await run(#""a": "10ms""#, status: 200).only.outcome == .passed)
        let error = try await #require(throws: InvalidFile.self) { try await run(#""z": "1s""#, status: 200) }
        #expect(error.diagnostics.map(\.message) == ["there is no step \"z\" at or before this one"])
    }

    @Test("a teardown failure counts even if a step was too late to be judged")
    func withinTeardown() async throws {
        let result = try await RunnerFixture.run(
            #"""
            { "id": "a", "sleep": "20ms" },
            { "id": "b", "request": { "url": "/" }, "within": { "a": "1ms" }, "expect": { "status": 500 } }
            """#,
            head: #""teardown": [ { "id": "t", "request": { "url": "/" }, "expect": { "status": 500 } } ],"#,
            against: Self.counter())
        #expect(result.only.outcome == .failed)
        #expect(result.only.skipReason == nil)
    }

    @Test("evenToOdd compares every second value with the others")
    func evenToOdd() async throws {
        // 1, 2, 3, 4, 5, 6: the median of 2, 4, 6 divided by that of 1, 3, 5.
        let step =
            #"{ "id": "a", "repeat": 6, "request": { "url": "/" }, "expectAll": { "json": { "$.number": { "evenToOdd": "#
        let passing = try await RunnerFixture.run(
            step + #"{ "gt": 1.33, "lt": 1.34 } } } } }"#, against: Self.counter())
        #expect(passing.messages == [])
        let failing = try await RunnerFixture.run(step + #"{ "lt": 1.33 } } } } }"#, against: Self.counter())
        #expect(failing.messages.count == 1)
    }

    @Test("a data row can have a label")
    func labels() async throws {
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/{{n}}" } }"#,
            head: #""data": { "rows": [ { "label": "the first", "n": 1 }, { "n": 2 } ] },"#, against: Self.counter())
        #expect(result.scenarios.map(\.name) == ["test [the first]", "test [row 2]"])
    }
}
