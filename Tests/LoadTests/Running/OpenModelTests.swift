import Glibc
import Histogram
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

@Suite(.timeLimit(.minutes(1)))
struct OpenModelTests {
    private static func open(_ rate: Double, users: Int = 8) -> (inout EngineSettings) -> Void {
        { settings in
            settings.model = .open(LoadModel.Arrivals(profile: RateProfile(rate: rate)))
            settings.virtualUsers = users
            settings.duration = .milliseconds(500)
        }
    }

    @Test("every arrival is sent, with any number of threads", arguments: [1, 2, 3])
    func counts(threads: Int) throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) { settings in
            Self.open(400)(&settings)
            settings.threads = threads
        }
        #expect(result.offered == 200)
        #expect(result.responses + result.inFlight + result.waitingForUser == 200)
        #expect(result.errors == 0 && result.reconnects == [])
        #expect(result.lag.generator.totalCount + result.lag.server.totalCount >= 200)
        #expect(result.steps[0].all.responseTime.totalCount == UInt64(result.responses))
        #expect(result.model.isOpen && result.model.rates == [400])
    }

    @Test("the time that arrivals wait for a slow server is part of the response time")
    func waiting() throws {
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                usleep(20_000)
                connection.write(answer("slow"))
            }
        }
        let result = try LoadResult.load(server.address, Self.open(200, users: 1))
        let (response, service) = (result.steps[0].all.responseTime, result.steps[0].all.serviceTime)
        #expect(result.offered == 100)
        #expect(result.responses + result.inFlight + result.waitingForUser == 100)
        // One user can send at most 25 of the hundred.
        #expect(result.waitingForUser >= 70 && result.arrivalsWithoutUser >= 70)
        #expect(service.max < response.max)
        #expect(response.max > 300_000_000)
        #expect(result.lag.server.max > 250_000_000)
    }

    @Test("times and the timeout count from when the request was due, even after a pause step")
    func pauseFirst() throws {
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                usleep(20_000)
                connection.write(answer("slow"))
            }
        }
        let pause = PlannedStep(id: "rest", action: .pause(1_000_000))
        let result = try LoadResult.load(server.address, steps: [pause, .get()], Self.open(200, users: 1))
        #expect(result.offered == 100 && result.waitingForUser >= 70)
        let reads = try #require(result.steps.first)
        #expect(reads.all.responseTime.max > 300_000_000)
        #expect(result.lag.server.max > 250_000_000)
        let short = try LoadResult.load(
            server.address, steps: [pause, .get(timeout: .milliseconds(100))], Self.open(200, users: 1))
        // Every arrival is counted, except one that may be in its pause at the end.
        #expect(short.errorTallies.keys.map(\.rawValue) == ["timeout"])
        #expect((99...100).contains(short.responses + short.errors + short.waitingForUser + short.inFlight))
    }

    @Test("a run stopped in its warm-up has measured nothing")
    func stoppedInWarmUp() throws {
        let stop = StopFlag()
        let received = Atomic<Int>(0)
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                if received.add(1, ordering: .relaxed).newValue > 20 { stop.set() }
                connection.write(answer("hello"))
            }
        }
        for open in [false, true] {
            let result = try LoadResult.load(server.address, stop: stop) { settings in
                if open { Self.open(400)(&settings) }
                settings.warmUp = .seconds(20)
            }
            #expect(result.wasInterrupted && result.measured == 0)
            #expect(result.responses == 0 && result.offered == 0 && result.inFlight == 0 && result.waitingForUser == 0)
        }
    }

    @Test("watching the clock does not count as a busy generator")
    func spinning() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) { settings in
            Self.open(200)(&settings)
            settings.spin = .seconds(1)
        }
        let usage = try #require(result.generator.threads.first)
        #expect(usage.watched > usage.total / 2 && usage.busy - usage.runDelay < usage.total / 2)
    }

    @Test("an arrival that waits longer than its request's timeout fails")
    func timeout() throws {
        let server = try ScriptedServer { connection in
            _ = connection.read()
            connection.awaitEnd()
        }
        let result = try LoadResult.load(
            server.address, steps: [.get(timeout: .milliseconds(100))], Self.open(100, users: 1))
        #expect(result.responses == 0)
        let timeouts = try #require(result.errorTallies[.timeout])
        // At least those of the first 400 ms: the sweep notices timeouts up to 20 ms late.
        #expect(timeouts.count >= 35 && timeouts.count + result.waitingForUser + result.inFlight == 50)
        #expect(result.errors == timeouts.count)
    }

    @Test("without a server, each arrival fails once and is not retried")
    func refused() throws {
        let address = try SocketAddress.unused()
        let result = try LoadResult.load(address) { settings in
            Self.open(40, users: 50)(&settings)
            settings.duration = .milliseconds(300)
        }
        #expect(result.responses == 0 && result.offered == 12)
        #expect(result.errorTallies.keys.map(\.rawValue) == ["refused"])
    }

    @Test("an arrival after a long idle time is sent on time")
    func punctuality() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) { settings in
            Self.open(38)(&settings)
            settings.duration = .seconds(1)
        }
        #expect(result.offered == 38)
        // The kernel needs a tenth of a millisecond. A busy machine needs more, but not for half of the arrivals.
        #expect(result.lag.generator.valueAtPercentile(50) < 5_000_000)
    }

    @Test("no arrival of the measurement is lost when the warm-up's last requests are slow")
    func lateBeginning() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let renderer = StubRenderer { _ in
            usleep(2_000)
            return Array("GET / HTTP/1.1\r\n\r\n".utf8)
        }
        let step = PlannedStep(id: "slow", action: .exchange(PlannedRequest(bytes: .rendered(renderer))))
        let result = try LoadResult.load(server.address, steps: [step]) { settings in
            Self.open(1000, users: 100)(&settings)
            settings.warmUp = .milliseconds(50)
            settings.duration = .milliseconds(300)
        }
        #expect(result.offered == 300)
    }

    @Test("stages change the arrival rate")
    func stages() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        var profile = RateProfile(rate: 0)
        profile.append(to: 400, over: 0.25)
        profile.append(to: 0, over: 0.25)
        let result = try LoadResult.load(server.address) { settings in
            settings.model = .open(LoadModel.Arrivals(profile: profile))
            settings.duration = .milliseconds(600)
        }
        // The hundredth arrival is due at the very end of the last stage.
        #expect((100...101).contains(result.offered))
        #expect(result.responses == result.offered)
    }

    @Test("arrivals of the warm-up are in no figure")
    func warmUp() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) { settings in
            Self.open(200)(&settings)
            settings.warmUp = .milliseconds(200)
        }
        #expect(result.offered == 100)
        // Warm-up requests with a late response may be among them.
        #expect((100...108).contains(result.responses + result.inFlight + result.waitingForUser))
        #expect(server.requests > result.responses + 20)
    }
}
