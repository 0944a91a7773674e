import Glibc
import Histogram
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

@Suite(.timeLimit(.minutes(1)))
struct LoadRunTests {
    @Test("every response that the server sent is counted", arguments: [1, 2, 3])
    func countsAgree(threads: Int) throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) { $0.threads = threads }
        #expect(result.responses > 100)
        #expect(result.errors == 0)
        #expect(server.requests - result.responses - result.inFlight <= 4, "responses on connections that had ended")
        #expect(server.requests >= result.responses)
        #expect(result.steps[0].statuses == [200: result.responses])
        #expect(result.steps[0].all.bytes == result.responses * answer("hello").utf8.count)
        #expect(result.steps[0].all.serviceTime.totalCount == UInt64(result.responses))
        #expect(result.generator.threads.count == threads)
        #expect(result.generator.total > 0)
        #expect(result.measured == 300_000_000)
        #expect(result.reconnects == [])
    }

    @Test(
        "responses are parsed in every framing",
        arguments: [
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
            "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello",
        ])
    func framings(answer: String) throws {
        let server = try ScriptedServer(answering: answer)
        let judge = StubJudge { _, body, _ in Verdict(failures: body == "hello" ? 0 : 1) }
        let result = try LoadResult.load(server.address, judge: judge)
        #expect(result.responses > 100)
        #expect(result.errors == 0)
        #expect(result.failedResponses == 0)
        #expect(result.reconnects == [])
    }

    @Test(
        "load reconnects to a server that closes after each response",
        arguments: [
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello", "HTTP/1.0 200 OK\r\n\r\nhello",
        ])
    func closing(answer: String) throws {
        let server = try ScriptedServer { connection in
            if connection.read() != nil { connection.write(answer) }
        }
        let judge = StubJudge { _, body, _ in Verdict(failures: body == "hello" ? 0 : 1) }
        let result = try LoadResult.load(server.address, judge: judge)
        #expect(result.responses > 20)
        #expect(result.errors == 0)
        #expect(result.failedResponses == 0)
        #expect(result.reconnects.map(\.failure) == [nil])
        #expect(result.reconnects[0].count >= result.responses - 4)
    }

    @Test("a run ends on time with a server that never responds")
    func silence() throws {
        let server = try ScriptedServer { connection in connection.awaitEnd() }
        let begin = MonotonicClock.now()
        let result = try LoadResult.load(server.address) { $0.virtualUsers = 20 }
        #expect(MonotonicClock.now() - begin < 2_000_000_000)
        #expect(result.responses == 0 && result.inFlight == 20 && result.measured == 300_000_000)
    }

    @Test("large requests and responses are transferred in pieces")
    func large() throws {
        let body = String(repeating: "0123456789abcdef", count: 40_000)
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                connection.write(answer(request.hasSuffix(body) ? body : "cut"))
            }
        }
        let request = Array("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        let judge = StubJudge { _, text, _ in Verdict(failures: text == body ? 0 : 1) }
        let constant = PlannedStep(
            id: "constant", action: .exchange(PlannedRequest(bytes: .constant(request))),
            assertions: [PlannedAssertion(text: "echo")])
        let rendered = PlannedStep(
            id: "rendered", action: .exchange(PlannedRequest(bytes: .rendered(StubRenderer { _ in request }))),
            assertions: [PlannedAssertion(text: "echo")])
        let result = try LoadResult.load(server.address, steps: [constant, rendered], judge: judge) {
            $0.duration = .seconds(1)
        }
        #expect(result.steps.allSatisfy { $0.all.count > 0 })
        #expect(result.failedResponses == 0)
        #expect(result.errors == 0)
    }

    @Test("repeats and pauses are honoured")
    func steps() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let pause = PlannedStep(id: "think", action: .pause(20_000_000))
        let result = try LoadResult.load(
            server.address, steps: [.get("one"), .get("three", repeats: 3), pause])
        let (one, three) = (result.steps[0].all.count, result.steps[1].all.count)
        #expect(result.steps.map(\.id) == ["one", "three"])
        #expect(three > 2 * one && three <= 3 * one)
        // Four users for 300 ms, with iterations at least 20 ms apart.
        #expect(one > 4 && one <= 64)
    }

    @Test("rendered requests are written for each iteration")
    func rendered() throws {
        let paths = Mutex<Set<String>>([])
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                paths.withLock { _ = $0.insert(String(request.split(separator: " ")[1])) }
                connection.write(answer("hello"))
            }
        }
        let renderer = StubRenderer { iteration in
            Array("GET /\(iteration.user)/\(iteration.number) HTTP/1.1\r\n\r\n".utf8)
        }
        let step = PlannedStep(id: "own", action: .exchange(PlannedRequest(bytes: .rendered(renderer))))
        let result = try LoadResult.load(server.address, steps: [step])
        let seen = paths.withLock { $0 }
        #expect(seen.count >= result.responses)
        #expect(seen.isSuperset(of: ["/0/0", "/1/0", "/2/1", "/3/2"]))
    }

    @Test("users may have separate source addresses or share a pool")
    func sources() throws {
        for (sources, expected) in [
            (SourceAddresses.own(first: 0x7F20_00FE), 4), (.pool(first: 0x7F21_0001, count: 3), 3), (.shared, 1),
        ] {
            let server = try ScriptedServer(answering: answer("hello"))
            let result = try LoadResult.load(server.address) { $0.sources = sources }
            #expect(result.errors == 0)
            #expect(server.peers.count == expected)
        }
        let server = try ScriptedServer(answering: answer("hello"))
        _ = try LoadResult.load(server.address) { $0.sources = .own(first: 0x7F20_00FE) }
        #expect(server.peers == ["127.32.0.254", "127.32.0.255", "127.32.1.0", "127.32.1.1"])
    }

    @Test("the warm-up is excluded, and each second is reported")
    func warmUp() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) {
            $0.warmUp = .milliseconds(500)
            $0.duration = .milliseconds(1100)
        }
        #expect(result.measured == 1_100_000_000)
        // The requests not counted are the warm-up's. Their number depends on the machine, but there are many.
        #expect(server.requests - result.responses - result.inFlight > 100)
        #expect(result.seconds.map(\.duration) == [1_000_000_000, 100_000_000])
        let second = try #require(result.seconds.first)
        #expect(second.responses > result.responses * 2 / 3 && second.responses < result.responses)
        #expect(result.seconds.reduce(0) { $0 + $1.responses } == result.responses - result.steps[0].all.late)
        #expect(second.statuses == [200: second.responses])
        #expect(second.p50 != nil)
    }

    @Test("a stopped run reports what it has measured")
    func stops() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let stop = StopFlag()
        let plan = LoadPlan(target: server.address, steps: [.get()], classes: [], judge: StubJudge())
        var settings = EngineSettings()
        settings.virtualUsers = 2
        settings.duration = .seconds(50)
        let run = try LoadRun(name: "test", plan: plan, settings: settings, stop: stop)
        while server.requests < 100 { sched_yield() }
        stop.set()
        let result = try run.finish()
        #expect(result.wasInterrupted)
        #expect(result.responses >= 90)
        #expect(result.measured < 40_000_000_000)
        #expect(result.inFlight <= 2)
    }
}

struct StubRenderer: RequestRenderer {
    let write: @Sendable (UserIteration) -> [UInt8]
    init(_ write: @escaping @Sendable (UserIteration) -> [UInt8]) { self.write = write }
    func render(into buffer: inout [UInt8], iteration: UserIteration) { buffer += write(iteration) }
}
