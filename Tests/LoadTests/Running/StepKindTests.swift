import Glibc
import Synchronization
import Testing
import TestSupport

@testable import Load

/// Parallel steps, pauses, and limits on requests and start time.
@Suite(.timeLimit(.minutes(1)))
struct StepKindTests {
    @Test(
        "parallel branches run at the same time, and the next step follows when all have finished", arguments: [1, 2])
    func parallel(threads: Int) throws {
        let gate = Gate(width: 2)
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                // Neither branch gets a response before the other has sent its request.
                if request.hasPrefix("GET /branch") { gate.pass() }
                connection.write(answer("ok"))
            }
        }
        let result = try LoadResult.load(
            server.address,
            steps: [
                .get("first", path: "/first"), PlannedStep(id: "both", action: .parallel(count: 2)),
                .get("left", path: "/branch/left"), .get("right", path: "/branch/right"), .get("last", path: "/last"),
            ]
        ) { settings in
            settings.virtualUsers = 1
            settings.threads = threads
            settings.duration = .seconds(20)
            settings.maximumRequests = 40
        }
        let counts = result.steps.map(\.all.count)
        #expect(result.errors == 0 && result.responses == 40)
        #expect(result.steps.map(\.id) == ["first", "left", "right", "last"])
        #expect(counts == [10, 10, 10, 10])
    }

    @Test(
        "a burst sends its requests at the same time, and the next step follows the last response", arguments: [5, 2])
    func burst(connections: Int) throws {
        let gate = Gate(width: connections)
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                // No request of a full round gets a response before the others were sent.
                if request.hasPrefix("GET /burst") { gate.pass() }
                connection.write(answer("ok"))
            }
        }
        let count = 2 * connections
        let result = try LoadResult.load(
            server.address,
            steps: [
                PlannedStep(id: "burst", action: .burst(count: count, connections: connections)),
                .get("burst", path: "/burst"), .get("last", path: "/last"),
            ]
        ) { settings in
            settings.virtualUsers = 1
            settings.duration = .seconds(20)
            settings.maximumRequests = 3 * (count + 1)
        }
        #expect(result.errors == 0 && result.steps.map(\.id) == ["burst", "last"])
        #expect(result.steps.map(\.all.count) == [3 * count, 3] && server.connections == connections + 1)
    }

    @Test("branches may pause, repeat and fail, and the iteration continues")
    func branches() throws {
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                if request.hasPrefix("GET /gone") { return }
                connection.write(answer("ok"))
            }
        }
        let result = try LoadResult.load(
            server.address,
            steps: [
                PlannedStep(id: "all", action: .parallel(count: 3)), .get("thrice", repeats: 3),
                PlannedStep(id: "rest", action: .pause(2_000_000)), .get("gone", path: "/gone"),
                PlannedStep(id: "end", action: .pause(1_000_000)),
            ]
        ) { settings in
            settings.virtualUsers = 2
            settings.duration = .seconds(20)
            settings.maximumRequests = 40
        }
        let gone = result.steps[1].errors[.closed]?.count ?? 0
        #expect(gone >= 4 && result.errors == gone)
        #expect(abs(result.steps[0].all.count - 3 * gone) <= 6 + 3)
    }

    @Test("a maximum of requests is met exactly", arguments: [1, 2, 3])
    func maximum(threads: Int) throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) { settings in
            settings.maximumRequests = 50
            settings.threads = threads
            settings.duration = .seconds(20)
        }
        #expect(result.responses == 50 && server.requests == 50 && result.inFlight == 0)
        #expect(result.measured < 10_000_000_000)
        #expect(!result.wasInterrupted)
    }

    @Test("a start time in the past is an error, and one in the future is kept")
    func start() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        #expect(throws: LoadError.self) {
            try LoadResult.load(server.address) { $0.startAt = MonotonicClock.wallTime() - 3 }
        }
        let begin = MonotonicClock.wallTime() + 0.3
        let result = try LoadResult.load(server.address) { settings in
            settings.startAt = begin
            settings.maximumRequests = 1
        }
        #expect(MonotonicClock.wallTime() >= begin && result.responses == 1)
    }
}

/// Holds callers until `width` of them wait.
private final class Gate: Sendable {
    private let waiting = Atomic<Int>(0)
    private let width: Int

    init(width: Int) { self.width = width }

    func pass() {
        let number = waiting.add(1, ordering: .relaxed).newValue
        let needed = (number + width - 1) / width * width
        while waiting.load(ordering: .relaxed) < needed { sched_yield() }
    }
}
