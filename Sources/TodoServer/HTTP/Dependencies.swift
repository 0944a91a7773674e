import NIOCore
import Synchronization

/// What the server stands on, and whether it works: asked at most once a second, however often somebody wants to know.
package final class Dependencies: Sendable {
    package struct State: Sendable, Equatable {
        package var hasDatabase: Bool
        /// Nil where there is no Redis.
        package var hasRedis: Bool?
    }

    private struct Probe {
        var task: Task<State, Never>
        var began: NIODeadline
        var isOver = false
    }

    /// Between the beginnings of two probes, at least.
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

    /// The result of the latest probe: one that is under way is waited for, one that is more than a second old is replaced.
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
