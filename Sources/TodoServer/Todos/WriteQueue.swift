import DequeModule
import GRDB
import NIOPosix
import Synchronization

/// A single writer thread. Writes that arrive while it is busy are committed in one transaction, so they share a disk
/// sync. Each write has a savepoint of its own, so that one failure does not affect the others.
final class WriteQueue: Sendable {
    private struct Write: Sendable {
        /// Runs in the transaction, and returns a closure to call with the commit's error, or with nil on success.
        /// Returns nil if the write is no longer wanted.
        var run: @Sendable (Database) throws -> (@Sendable ((any Error)?) -> Void)?
        var fail: @Sendable (any Error) -> Void
        var isOver: @Sendable () -> Bool
    }

    private struct State {
        var waiting = Deque<Write>()
        var isRunning = false
    }

    private let database: DatabasePool
    private let capacity: Int
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    init(database: DatabasePool, capacity: Int) {
        self.database = database
        self.capacity = capacity
        thread.start()
    }

    /// Finishes the call when the write is durable. The call begins once the transaction has begun: until then, such as
    /// while another process holds the lock, nothing has been done.
    func enqueue<Value: Sendable>(
        _ call: DatabaseCall<Value>, _ body: @escaping @Sendable (Database) throws -> Value
    ) {
        enqueue(
            Write(
                run: { database in
                    guard call.begin() else { return nil }
                    var value: Value?
                    try database.inSavepoint {
                        value = try body(database)
                        return .commit
                    }
                    let written = value
                    return { error in
                        if let error {
                            call.finish(.failure(error))
                        } else if let written {
                            call.finish(.success(written))
                        }
                    }
                },
                fail: { call.finish(.failure($0)) }, isOver: { call.isOver }))
    }

    private func enqueue(_ write: Write) {
        let action: (starts: Bool, isFull: Bool) = state.withLock { state in
            // The oldest writes come first, and their callers may have timed out.
            while state.waiting.count >= capacity, let first = state.waiting.first, first.isOver() {
                state.waiting.removeFirst()
            }
            guard state.waiting.count < capacity else { return (false, true) }
            state.waiting.append(write)
            defer { state.isRunning = true }
            return (!state.isRunning, false)
        }
        if action.isFull { write.fail(WorkerPool.Full(name: "database writes")) }
        if action.starts { thread.submit { self.drain($0) } }
    }

    private func drain(_ work: NIOThreadPool.WorkItemState) {
        while true {
            let batch: Deque<Write> = state.withLock { state in
                defer { state.waiting = [] }
                state.isRunning = !state.waiting.isEmpty
                return state.waiting
            }
            if batch.isEmpty { return }
            switch work {
            case .active: commit(batch)
            case .cancelled: for write in batch { write.fail(DatabaseFailure.stopping) }
            }
        }
    }

    private func commit(_ batch: Deque<Write>) {
        var outcomes: [@Sendable ((any Error)?) -> Void] = []
        var unanswered = batch
        var isCommitting = false
        do {
            try database.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    while let write = unanswered.popFirst() {
                        do {
                            if let outcome = try write.run(database) { outcomes.append(outcome) }
                        } catch {
                            write.fail(SQLiteFailure.wrapping(error))
                            // A full disk rolls back the whole transaction. Stop, or later writes would run outside it.
                            guard database.isInsideTransaction else { throw error }
                        }
                    }
                    isCommitting = true
                    return .commit
                }
            }
            for outcome in outcomes { outcome(nil) }
        } catch {
            let failure = SQLiteFailure.wrapping(error, isOfCommit: isCommitting)
            for outcome in outcomes { outcome(failure) }
            for write in unanswered { write.fail(failure) }
        }
    }

    func shutdown() async {
        try? await thread.shutdownGracefully()
    }
}
