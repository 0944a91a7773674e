import Foundation
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1)))
struct BurstTests {
    @Test("a burst of 200 has 200 requests in flight and reports the time between its first and last send")
    func inFlight() async throws {
        // No request gets a response before all 200 have arrived, so with fewer in flight the burst would hang. The
        // extra delay covers the time between the client's last send and its timestamp.
        let inFlight = Atomic<Int>(0)
        let everybody = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                if inFlight.add(1, ordering: .relaxed).newValue == 200 {
                    Thread.sleep(forTimeInterval: 0.5)
                    for _ in 0..<200 { everybody.signal() }
                }
                everybody.wait()
                guard connection.write(ScriptedAnswer(204).bytes) else { return }
            }
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "b", "burst": { "count": 200, "concurrency": 200 }, "request": { "url": "/" }, "expectAll": { "status": { "counts": { "204": 200 } } } }"#,
            against: server)
        #expect(result.messages == [])
        let burst = try #require(result.only.steps[0].burst)
        #expect(burst.peakInFlight == 200)
        #expect(burst.spread > .zero && burst.spread < .seconds(5))
        #expect(inFlight.load(ordering: .relaxed) == 200)
    }

    @Test("a request is no longer in flight once its response has arrived, even if unread")
    func answeredBeforeAllAreSent() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(204) })
        let result = try await RunnerFixture.run(
            #"{ "id": "b", "burst": { "count": 400 }, "request": { "url": "/" }, "expect": { "status": 204 } }"#,
            against: server)
        #expect(result.messages == [])
        let burst = try #require(result.only.steps[0].burst)
        #expect(burst.concurrency == 400)
        // The server responds within microseconds, while sending all requests takes milliseconds.
        #expect(burst.peakInFlight < 400)
    }

    @Test("a burst with concurrency 1 never has two requests in flight")
    func oneAfterAnother() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let result = try await RunnerFixture.run(
            #"{ "id": "b", "burst": { "count": 20, "concurrency": 1 }, "request": { "url": "/" } }"#, against: server)
        #expect(result.only.steps[0].burst?.peakInFlight == 1)
    }

    @Test("a burst sends all requests and never exceeds its concurrency")
    func concurrency() async throws {
        let counts = Mutex((now: 0, most: 0, all: 0))
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                counts.withLock {
                    $0.now += 1
                    $0.all += 1
                    $0.most = max($0.most, $0.now)
                }
                counts.withLock { $0.now -= 1 }
                guard connection.write(ScriptedAnswer(200).bytes) else { return }
            }
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "b", "burst": { "count": 100, "concurrency": 7 }, "request": { "url": "/" } }"#, against: server)
        #expect(result.messages == [])
        #expect(counts.withLock { $0.all } == 100)
        #expect(counts.withLock { $0.most } <= 7)
        #expect(result.only.steps[0].burst?.concurrency == 7)
    }

    @Test("each request of a burst has its own values, and closed connections are reopened")
    func ownValues() async throws {
        let seen = Mutex(Set<String>())
        let server = try ScriptedServer { connection in
            guard let request = connection.read() else { return }
            seen.withLock { _ = $0.insert(request.target) }
            connection.write(ScriptedAnswer(200, [("Connection", "close")]).bytes)
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "b", "burst": { "count": 20, "concurrency": 4 }, "request": { "url": "/{{counter()}}" } }"#,
            against: server)
        #expect(result.messages == [])
        #expect(seen.withLock { $0 } == Set((1...20).map { "/\($0)" }))
    }

    @Test("a burst ends at the scenario's timeout")
    func timeLimit() async throws {
        let server = try ScriptedServer { while $0.read() != nil {} }
        let result = try await RunnerFixture.run(
            #"{ "id": "b", "burst": { "count": 2 }, "request": { "url": "/" } }"#, against: server,
            { $0.timeout = .milliseconds(300) })
        #expect(result.only.outcome == .errored)
        #expect(result.only.duration < .seconds(15))
        #expect(result.only.failures.first?.exchange?.request.options.timeout == .seconds(30))
    }

    @Test("requests of a stopped burst keep their client options")
    func stopped() async throws {
        let stopFlag = StopFlag()
        let server = try ScriptedServer { connection in
            guard connection.read() != nil else { return }
            stopFlag.set()
            while connection.read() != nil {}
        }
        let scenario = try RunnerFixture.read(
            #"{ "name": "n", "client": { "httpVersion": "1.1" }, "steps": [ { "id": "b", "burst": { "count": 2 }, "request": { "url": "/" } } ] }"#
        )
        let result = await ScenarioRunner(base: server.base).run([scenario], isStopped: stopFlag)
        #expect(result.only.failures.first?.exchange?.client.httpVersion == "1.1")
        withExtendedLifetime(server) {}
    }

    @Test("a burst sends cookies that the server has set")
    func cookies() async throws {
        let server = try ScriptedServer(answering: { request in
            guard request.target != "/set" else { return ScriptedAnswer(204, [("Set-Cookie", "sid=abc; Path=/")]) }
            return ScriptedAnswer(request.headers["cookie"] == "sid=abc" ? 200 : 403)
        })
        let result = try await RunnerFixture.run(
            """
            { "id": "set", "request": { "url": "/set" }, "expect": { "cookies": { "sid": "abc" } } },
            { "id": "b", "burst": { "count": 5 }, "request": { "url": "/" }, "expect": { "status": 200 } },
            { "id": "p", "parallel": [ { "id": "q", "request": { "url": "/" }, "expect": { "status": 200 } } ] }
            """, against: server)
        #expect(result.messages == [])
    }

    @Test("a request sends its own cookies together with those that the server has set")
    func ownCookies() async throws {
        let server = try ScriptedServer(answering: { request in
            guard request.target != "/set" else { return ScriptedAnswer(204, [("Set-Cookie", "sid=abc; Path=/")]) }
            return ScriptedAnswer(request.headers["cookie"] == "sid=abc; extra=1" ? 200 : 403)
        })
        let result = try await RunnerFixture.run(
            """
            { "id": "set", "request": { "url": "/set" } },
            { "id": "a", "request": { "url": "/", "cookies": { "extra": "1" } }, "expect": { "status": 200 } }
            """, against: server)
        #expect(result.messages == [])
    }
}
