import Testing
import TestSupport

@testable import TodoServer

/// The database and Redis are probed at most once a second, however often their state is read.
@Suite(.timeLimit(.minutes(1))) struct DependenciesTests {
    @Test("concurrent callers share a probe, and a new one starts a second later")
    func sharesProbes() async throws {
        let asked = Counter()
        let dependencies = Dependencies {
            asked.add()
            return Dependencies.State(hasDatabase: asked.value == 1, hasRedis: nil)
        }
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { _ = await dependencies.state() } }
        }
        #expect(asked.value <= 1 + Int((ContinuousClock.now - start) / .seconds(1)))
        try await waitUntil("the next probe has another result") { await !dependencies.state().hasDatabase }
        #expect(ContinuousClock.now - start >= .milliseconds(990))
        #expect(asked.value >= 2)
    }

    @Test("/ready and /metrics share probes")
    func sharesAmongRoutes() async throws {
        let probes = Counter()
        try await RunningServer.with(interpose: { store in
            HookedStore(store, beforeReading: { if $0 == 0 { probes.add() } })
        }) { server in
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let client = try await RawClient.connect(to: server)
                        for _ in 0..<50 {
                            #expect(try await client.get(number % 2 == 0 ? "/ready" : "/metrics").status == 200)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(probes.value >= 1)
            #expect(probes.value <= 1 + Int((ContinuousClock.now - start) / .seconds(1)))
        }
    }
}
