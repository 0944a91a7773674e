import NIOCore
import Synchronization

/// The state of the database and Redis, probed at most once a second regardless of how often it is read.
package final class Dependencies: Sendable {
    package struct State: Sendable, Equatable {
        package var hasDatabase: Bool
        /// Nil if Redis is not configured.
        package var hasRedis: Bool?
    }

    private struct Probe {
        var task: Task<State, Never>
        var began: NIODeadline
        var isOver = false
    }

    /// Minimum time between the starts of two probes.
    private static let interval = TimeAmount.seconds(1)

    private let ask: @Sendable () async -> State
    private let probe = Mutex<Probe?>(nil)

    package init(asking ask: @escaping @Sendable () async -> State) {
        self.ask = ask
    }

    convenience init(store: any TodoStore, redis: RedisClient?) {
        self.init {
            async let hasDatabase = (try? await store.todos(of: 0)) != nil
            let hasRedis: Bool? = if let redis { await redis.isReady() } else { nil }
            return State(hasDatabase: await hasDatabase, hasRedis: hasRedis)
        }
    }

    /// The result of the latest probe. Waits for a running probe, and starts a new one if the last began over 1 s ago.
    package func state() async -> State {
        let task = probe.withLock { probe in
            if let probe, !probe.isOver || .now() < probe.began + Self.interval { return probe.task }
            let task = Task { [self] in
                let state = await ask()
                end()
                return state
            }
            probe = Probe(task: task, began: .now())
            return task
        }
        return await task.value
    }

    private func end() {
        probe.withLock { $0?.isOver = true }
    }
}
