import Histogram
import ScenarioRunner
import Synchronization
import TestSupport
import Testing

@testable import Load

/// Virtual users that obey Retry-After, and users that take popular rows.
@Suite(.timeLimit(.minutes(1)))
struct AdmissionTests {
    @Test("a denied request is sent again after Retry-After, and the time to admission counts from the first try")
    func waits() throws {
        // Every third request is admitted.
        let requests = Mutex(0)
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                let isAdmitted = requests.withLock { count in
                    count += 1
                    return count % 3 == 0
                }
                connection.write(
                    isAdmitted
                        ? answer("ok") : answer("no", status: "429 Too Many Requests", headers: "Retry-After: 1\r\n"))
            }
        }
        let result = try Self.load(server, requests: 6)
        let step = result.steps[0]
        #expect(step.statuses == [200: 2, 429: 4])
        let admission = try #require(step.admission)
        #expect(admission.times.totalCount == 2 && admission.waiting == 0)
        #expect(admission.times.min >= 1_990_000_000 && admission.times.max < 4_000_000_000)
        // Each try is a response of its own.
        #expect(step.all.responseTime.max < 1_000_000_000)
    }

    @Test("a request that is still denied at the end is counted")
    func stillDenied() throws {
        let server = try ScriptedServer(
            answering: answer("no", status: "429 Too Many Requests", headers: "Retry-After: 60\r\n"))
        let result = try Self.load(server, requests: nil)
        #expect(result.steps[0].statuses == [429: 1])
        #expect(result.steps[0].admission?.waiting == 1 && result.steps[0].admission?.times.totalCount == 0)
        // Users that do not wait have no such figure.
        let other = try Self.load(server, requests: 4, waits: false)
        #expect(other.steps[0].statuses == [429: 4] && other.steps[0].admission == nil)
    }

    private static func load(_ server: ScriptedServer, requests: Int?, waits: Bool = true) throws -> LoadResult {
        var plan = LoadPlan(target: server.address, steps: [.get()], classes: [], judge: StubJudge())
        plan.waitsWhenDenied = waits
        var settings = EngineSettings()
        settings.virtualUsers = 1
        settings.threads = 1
        settings.duration = requests == nil ? .milliseconds(200) : .seconds(30)
        settings.maximumRequests = requests
        return try LoadRun(name: "test", plan: plan, settings: settings, stop: StopFlag()).finish()
    }

    @Test("users take another row in each iteration, the first most often, with what variables make of it")
    func popularRows() throws {
        let seen = Mutex<[String: Int]>([:])
        let server = try ScriptedServer(answering: { request in
            seen.withLock { $0[request.target, default: 0] += 1 }
            return .json("{}")
        })
        let rows = (0..<50).map { #"{ "key": "k\#($0)" }"# }.joined(separator: ", ")
        var session = try LoadSessionTests.session(
            server.port,
            #"""
            { "name": "popular", "variables": { "path": "/items/{{key}}", "run": "{{randomInt(1, 1000000000)}}" },
              "data": { "rows": [\#(rows)], "pick": "zipf(1.2)" },
              "steps": [ { "id": "read", "request": { "url": "{{path}}/{{run}}" }, "expect": { "status": 200 } } ] }
            """#, users: 2, requests: 4000)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        #expect(result.errors == 0 && result.responses == 4000)
        let paths = seen.withLock { $0 }
        // Each user keeps its own value of a variable that does not depend on the row.
        let runs = Set(paths.keys.map { $0.split(separator: "/")[2] })
        #expect(runs.count == 2, "\(runs)")
        let counts = (0..<50).map { key in
            paths.filter { $0.key.hasPrefix("/items/k\(key)/") }.values.reduce(0, +)
        }
        #expect(counts.reduce(0, +) == 4000 && counts[0] > 800 && counts[0] > 3 * counts[4], "\(counts)")
    }
}
