import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Groups of steps, and the repetition of steps that contain steps.
@Suite(.timeLimit(.minutes(1)))
struct GroupTests {
    /// A server that responds with the number of requests so far.
    private static func counter() throws -> ScriptedServer {
        let count = Atomic<Int>(0)
        return try ScriptedServer(answering: { _ in
            ScriptedAnswer.json("{\"number\":\(count.add(1, ordering: .relaxed).newValue)}")
        })
    }

    private static func outcomes(_ result: RunResult) -> [String] {
        result.only.steps.map { "\($0.id) \($0.outcome)" }
    }

    @Test("a repeated group runs its steps in order, and each repetition sees the captures of the last")
    func groups() async throws {
        let result = try await RunnerFixture.run(
            #"""
            { "id": "first", "request": { "url": "/" }, "capture": { "n": { "json": "$.number" } } },
            { "id": "round", "repeat": 2, "steps": [
                { "id": "a", "request": { "url": "/" }, "expect": { "json": { "$.number": { "gt": "{{n}}" } } } },
                { "id": "b", "repeat": 2, "request": { "url": "/" }, "capture": { "n": { "json": "$.number" } } } ] },
            { "id": "last", "request": { "url": "/" }, "expect": { "json": { "$.number": 8 }, "since": { "round": { "gte": 0 }, "b": { "gte": 0 } } } }
            """#, against: Self.counter())
        #expect(result.messages == [])
        #expect(
            Self.outcomes(result) == [
                "first passed", "round 1/a passed", "round 1/b passed", "round 2/a passed", "round 2/b passed",
                "last passed",
            ])
        #expect(result.only.steps.map(\.requests) == [1, 1, 2, 1, 2, 1])
    }

    @Test("a repeated call runs with new parameters each time")
    func calls() async throws {
        let called =
            #"{ "name": "c", "requires": ["n"], "steps": [ { "id": "x", "request": { "url": "/{{n}}" }, "expect": { "json": { "$.number": "{{n}}" } } } ] }"#
        let result = try await RunnerFixture.run(
            #"{ "id": "c", "repeat": 3, "call": { "file": "c.json", "parameters": { "n": "{{counter()}}" } } }"#,
            against: Self.counter(), files: ["c.json": called])
        #expect(result.messages == [])
        #expect(Self.outcomes(result) == ["c 1/x passed", "c 2/x passed", "c 3/x passed"])
    }

    @Test("parallel steps can be repeated, and a group can be a branch")
    func branches() async throws {
        let result = try await RunnerFixture.run(
            #"""
            { "id": "p", "repeat": 2, "parallel": [
                { "id": "g", "steps": [
                    { "id": "a", "request": { "url": "/" }, "capture": { "n": { "json": "$.number" } } },
                    { "id": "b", "request": { "url": "/" }, "expect": { "json": { "$.number": { "gt": "{{n}}" } } } } ] },
                { "id": "c", "request": { "url": "/" } } ] },
            { "id": "after", "request": { "url": "/" }, "expect": { "json": { "$.number": { "gt": "{{n}}" } } } }
            """#, against: Self.counter())
        #expect(result.messages == [])
        #expect(
            result.only.steps.map(\.id) == ["p 1/a", "p 1/b", "p 1/c", "p 2/a", "p 2/b", "p 2/c", "after"])
    }

    @Test("the first failure ends the repetition and skips the rest of its group")
    func failure() async throws {
        let result = try await RunnerFixture.run(
            #"""
            { "id": "round", "repeat": 10000, "steps": [
                { "id": "a", "request": { "url": "/" }, "expect": { "json": { "$.number": { "lt": 3 } } } },
                { "id": "b", "request": { "url": "/" } } ] },
            { "id": "never", "steps": [ { "id": "c", "sleep": "1ms" }, { "id": "d", "sleep": "1ms" } ] }
            """#,
            head:
                #""teardown": [ { "id": "t", "steps": [ { "id": "e", "request": { "url": "/" }, "expect": { "status": 500 } }, { "id": "f", "sleep": "1ms" } ] } ],"#,
            against: Self.counter())
        #expect(
            Self.outcomes(result) == [
                "round 1/a passed", "round 1/b passed", "round 2/a failed", "round 2/b skipped", "c skipped",
                "d skipped", "e failed", "f passed",
            ])
    }

    @Test("a repetition in a parallel branch ends when another branch has failed")
    func abandoned() async throws {
        let result = try await RunnerFixture.run(
            #"""
            { "id": "p", "parallel": [
                { "id": "waits", "repeat": 3, "steps": [ { "id": "w", "sleep": "20s" } ] },
                { "id": "fails", "request": { "url": "/" }, "expect": { "status": 500 } } ] }
            """#, against: Self.counter())
        #expect(Self.outcomes(result) == ["waits 1/w skipped", "fails failed"])
    }

    @Test("a variable captured later in a group is not defined in its first repetition")
    func undefined() throws {
        let error = #expect(throws: InvalidFile.self) {
            try RunnerFixture.read(
                #"""
                { "name": "n", "steps": [ { "id": "g", "repeat": 2, "steps": [
                    { "id": "a", "request": { "url": "/{{n}}" } },
                    { "id": "b", "request": { "url": "/" }, "capture": { "n": { "json": "$.number" } } } ] } ] }
                """#)
        }
        #expect(error?.diagnostics.map(\.code) == [.undefinedVariable])
    }

    @Test("a dry run lists the requests of a group once, with the number of repetitions")
    func dryRun() throws {
        let scenario = try RunnerFixture.read(
            #"""
            { "name": "n", "steps": [ { "id": "g", "repeat": 12, "steps": [
                { "id": "a", "repeat": 2, "request": { "url": "/" }, "capture": { "n": { "json": "$.number" } } },
                { "id": "b", "request": { "url": "/{{n}}" } } ] } ] }
            """#)
        let server = try Self.counter()
        let lines = try DryRun(base: server.base).lines(of: scenario)
        #expect(lines.map(\.step) == ["a", "b"])
        #expect(lines.map(\.manner) == ["2 times, in each of 12 repetitions", "once, in each of 12 repetitions"])
    }
}
