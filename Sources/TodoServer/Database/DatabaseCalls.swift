import Dispatch
import NIOCore
import Synchronization

/// A store's open calls and their deadlines. Every caller gets its result in time, even if all of the store's threads
/// hang.
final class DatabaseCalls: Sendable {
    private struct State {
        var open: [any WatchedCall] = []
        var isWatching = false
    }

    /// How often deadlines are checked, and so how late one may be noticed.
    private static let interval = DispatchTimeInterval.milliseconds(50)

    private let times: DatabaseTimes
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "database deadlines")

    init(times: DatabaseTimes) {
        self.times = times
    }

    /// Creates a call for the current task and waits for its result.
    /// - Parameter enqueue: passes the call to a thread that will `begin` and `finish` it, or finishes it itself.
    func run<Value: Sendable>(
        _ kind: DatabaseCallKind, _ enqueue: (DatabaseCall<Value>) -> Void
    ) async throws -> Value {
        let demand = Demand.current
        return try await withCheckedThrowingContinuation { caller in
            let call = DatabaseCall(kind, times: times, demand: demand, caller: caller)
            watch(call)
            enqueue(call)
        }
    }

    private func watch(_ call: any WatchedCall) {
        let starts = state.withLock { state in
            state.open.append(call)
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if starts { schedule() }
    }

    private func schedule() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [self] in look() }
    }

    private func look() {
        let open = state.withLock { state in
            state.open.removeAll(where: \.isOver)
            state.isWatching = !state.open.isEmpty
            return state.open
        }
        guard !open.isEmpty else { return }
        let now = NIODeadline.now()
        for call in open { call.check(now: now) }
        schedule()
    }
}
