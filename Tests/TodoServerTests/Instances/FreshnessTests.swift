import Synchronization
import Testing
import TestSupport

@testable import TodoServer

/// Every read that begins after a write was acknowledged shows the write, on any instance and however slow the database
/// is.
@Suite(.timeLimit(.minutes(10))) struct FreshnessTests {
    /// What the tasks of one user share: the last acknowledged change to the todo, and the number of cache hits.
    private final class Progress: Sendable {
        private let state = Mutex((acknowledged: 0, hits: 0))

        var acknowledged: Int {
            get { state.withLock { $0.acknowledged } }
            set { state.withLock { $0.acknowledged = newValue } }
        }

        var hits: Int { state.withLock { $0.hits } }

        func countHit() { state.withLock { $0.hits += 1 } }
    }

    private struct Tally {
        var stale: [String] = []
        var hits = 0
        var misses = 0
    }

    @Test("no read misses an acknowledged write")
    func noReadMissesAnAcknowledgedWrite() async throws {
        let users = 4
        let readersOfEach = 4
        let reads = rounds("TODO_TEST_FRESHNESS_READS", otherwise: 4000) / (users * readersOfEach)
        let tally = try await RunningServer.withTwo(interpose: {
            SlowStore($0, delays: .zero ... .milliseconds(8))
        }) { servers in
            try await withThrowingTaskGroup(of: Tally.self) { group in
                for user in 0..<users {
                    group.addTask {
                        try await Self.exercise(servers, user: "user\(user)", readers: readersOfEach, reads: reads)
                    }
                }
                return try await group.reduce(into: Tally()) {
                    $0.stale += $1.stale
                    $0.hits += $1.hits
                    $0.misses += $1.misses
                }
            }
        }
        #expect(
            tally.stale.isEmpty,
            "\(tally.stale.count) of \(tally.hits + tally.misses), such as \(tally.stale.prefix(3))")
        // Without both hits and misses, the test would prove nothing.
        #expect(tally.hits > reads && tally.misses > reads, "\(tally.hits) hits, \(tally.misses) misses")
        print("freshness: \(tally.hits) hits and \(tally.misses) misses, \(tally.stale.count) stale")
    }

    /// Runs one writer that alternates between the servers, and readers on both, until all reads are done.
    private static func exercise(
        _ servers: [RunningServer], user: String, readers: Int, reads: Int
    ) async throws -> Tally {
        let setUp = try await RawClient.connect(to: servers[0])
        let token = try await setUp.token(ofNewUser: user)
        let id = try #require(try await setUp.post(#"{"title":"0"}"#, token: token).id)
        let progress = Progress()
        return try await withThrowingTaskGroup(of: Tally.self) { group in
            let isOver = Flag()
            let writer = Task {
                let clients = try await [RawClient.connect(to: servers[0]), RawClient.connect(to: servers[1])]
                var number = 0
                while !isOver.isRaised {
                    number += 1
                    let answer = try await clients[number % 2].patch(
                        "/todos/\(id)", #"{"title":"\#(number)"}"#, token: token)
                    guard answer.status == 200 else { throw NeverHappened(description: "a write: \(answer)") }
                    progress.acknowledged = number
                    // Leave time for reads to begin, and after every other write, on average, for the cache to be filled:
                    // a slow machine would see no hits otherwise.
                    try await Task.sleep(for: .milliseconds(.random(in: 0...12)))
                    let (hits, waits) = (progress.hits, Bool.random())
                    while waits && progress.hits == hits && !isOver.isRaised {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
            }
            for reader in 0..<readers {
                group.addTask {
                    let client = try await RawClient.connect(to: servers[reader % 2])
                    var tally = Tally()
                    for _ in 0..<reads {
                        let atLeast = progress.acknowledged
                        let list = try await client.get("/todos", token: token)
                        guard let title = list.titles.first, let seen = Int(title) else {
                            throw NeverHappened(description: "a read: \(list)")
                        }
                        if seen < atLeast { tally.stale.append("\(seen) after \(atLeast) from \(list.source ?? "")") }
                        if list.source == "cache" {
                            tally.hits += 1
                            progress.countHit()
                        } else {
                            tally.misses += 1
                        }
                    }
                    return tally
                }
            }
            let tally = try await group.reduce(into: Tally()) {
                $0.stale += $1.stale
                $0.hits += $1.hits
                $0.misses += $1.misses
            }
            isOver.raise()
            try await writer.value
            return tally
        }
    }
}
