import DequeModule
import Dispatch
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A pool of PostgreSQL connections, each with a thread of its own, and a bounded queue of jobs.
///
/// Each thread reconnects when its connection ends. While no connection can be made, jobs are rejected immediately
/// instead of waiting. A job that has begun is never retried.
final class PostgreSQLPool: Sendable {
    private struct Job: Sendable {
        var run: @Sendable (inout PostgreSQLConnection) -> Void
        var fail: @Sendable (PostgreSQLError) -> Void
        var isOver: @Sendable () -> Bool
    }

    private struct State {
        var waiting = Deque<Job>()
        var connected = 0
        /// An attempt to connect failed while no connection was open. Set until an attempt succeeds.
        var isAway = false
        var isStopped = false
    }

    private static let connectTime = TimeAmount.seconds(2)
    /// How often an idle connection is checked, so that it is restored before it is needed.
    private static let idleCheck = DispatchTimeInterval.seconds(1)

    private let url: PostgreSQLURL
    private let connections: Int
    private let capacity: Int
    private let logger: Logger
    private let times: DatabaseTimes
    private let calls: DatabaseCalls
    private let threads: NIOThreadPool
    private let state = Mutex(State())
    /// Signalled for each job. Its count is at least the number of waiting jobs.
    private let arrivals = DispatchSemaphore(value: 0)
    private let stops = DispatchSemaphore(value: 0)

    /// - Parameter capacity: maximum number of waiting jobs.
    init(
        url: PostgreSQLURL, connections: Int, capacity: Int, times: DatabaseTimes = DatabaseTimes(), logger: Logger
    ) {
        self.url = url
        self.connections = connections
        self.capacity = capacity
        self.logger = logger
        self.times = times
        calls = DatabaseCalls(times: times)
        threads = NIOThreadPool(numberOfThreads: connections)
        threads.start()
        for _ in 0..<connections { threads.submit { [self] _ in keepConnected() } }
    }

    func run<Value: Sendable>(
        _ kind: DatabaseCallKind, _ body: @escaping @Sendable (inout PostgreSQLConnection) throws -> Value
    ) async throws -> Value {
        try await calls.run(kind) { (call: DatabaseCall<Value>) in
            enqueue(
                Job(
                    run: { connection in
                        guard call.begin() else { return }
                        connection.deadline = call.endsBy
                        do {
                            call.finish(.success(try body(&connection)))
                        } catch let error as PostgreSQLError where error.isLoss {
                            call.finish(.failure(kind.failure(error.description)))
                        } catch {
                            call.finish(.failure(error))
                        }
                    },
                    fail: { call.finish(.failure($0)) }, isOver: { call.isOver }))
        }
    }

    private func enqueue(_ job: Job) {
        let refusal: PostgreSQLError? = state.withLock { state in
            if state.isAway || state.isStopped { return .unreachable("no connection is open") }
            // The oldest jobs come first, and their callers may have timed out.
            while state.waiting.count >= capacity, let first = state.waiting.first, first.isOver() {
                state.waiting.removeFirst()
            }
            if state.waiting.count >= capacity { return .queueFull }
            state.waiting.append(job)
            return nil
        }
        if let refusal { job.fail(refusal) } else { arrivals.signal() }
    }

    func shutdown() async {
        let abandoned = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in abandoned { job.fail(.unreachable("todo-server is shutting down")) }
        for _ in 0..<connections {
            arrivals.signal()
            stops.signal()
        }
        try? await threads.shutdownGracefully()
    }

    // MARK: On each thread

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func keepConnected() {
        var failures = 0
        while !isStopped {
            do {
                var connection = try PostgreSQLConnection.connect(to: url, within: Self.connectTime)
                try connection.prepareSession(times)
                failures = 0
                hasConnected()
                serve(with: &connection)
                state.withLock { $0.connected -= 1 }
            } catch {
                hasFailed(error)
                let delay = Backoff.delay(attempt: failures, jitter: .random(in: 0...1))
                failures += 1
                _ = stops.wait(timeout: .now() + .nanoseconds(Int(delay.nanoseconds)))
            }
        }
    }

    /// Runs jobs until the connection ends.
    private func serve(with connection: inout PostgreSQLConnection) {
        while true {
            let arrival = arrivals.wait(timeout: .now() + Self.idleCheck)
            guard connection.isInOrder else {
                // Leave the job to another thread, or to this one after it has reconnected.
                if arrival == .success { arrivals.signal() }
                return
            }
            let (job, isStopped) = state.withLock { ($0.waiting.popFirst(), $0.isStopped) }
            if isStopped { return }
            job?.run(&connection)
        }
    }

    private func hasConnected() {
        let wasAway = state.withLock { state in
            state.connected += 1
            defer { state.isAway = false }
            return state.isAway
        }
        if wasAway { logger.notice("PostgreSQL is available again") }
    }

    private func hasFailed(_ error: PostgreSQLError) {
        let (isNews, abandoned): (Bool, Deque<Job>) = state.withLock { state in
            guard state.connected == 0, !state.isStopped else { return (false, []) }
            defer {
                state.isAway = true
                state.waiting = []
            }
            return (!state.isAway, state.waiting)
        }
        if isNews { logger.warning("\(error); requests that need it get 503") }
        for job in abandoned { job.fail(error) }
    }
}

extension PostgreSQLConnection {
    /// Makes commits durable, and has PostgreSQL cancel slow statements before the client side times out.
    fileprivate mutating func prepareSession(_ times: DatabaseTimes) throws(PostgreSQLError) {
        let milliseconds = times.statement.nanoseconds / 1_000_000
        try run(
            script: """
                SET synchronous_commit = on; SET default_transaction_isolation = 'read committed';
                SET statement_timeout = \(milliseconds)
                """, within: .seconds(2))
    }
}
