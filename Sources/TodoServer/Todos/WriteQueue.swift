import DequeModule
import GRDB
import NIOPosix
import Synchronization

/// One thread that writes. What arrives while it is busy is committed together, in one transaction: the disk is
/// waited for once for all of them. Each write stands alone all the same, in a savepoint of its own.
final class WriteQueue: Sendable {
    private struct Write: Sendable {
        /// Runs in the transaction and returns what to do once it is committed, or could not be.
        var run: @Sendable (Database) throws -> @Sendable ((any Error)?) -> Void
        var fail: @Sendable (any Error) -> Void
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

    /// Returns when the write is durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = Write(
                run: { database in
                    var value: Value?
                    try database.inSavepoint {
                        value = try body(database)
                        return .commit
                    }
                    let written = value
                    return { error in
                        if let error {
                            continuation.resume(throwing: error)
                        } else if let written {
                            continuation.resume(returning: written)
                        }
                    }
                },
                fail: { continuation.resume(throwing: $0) })
            enqueue(write)
        }
    }

    private func enqueue(_ write: Write) {
        let action: (starts: Bool, isFull: Bool) = state.withLock { state in
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
            case .cancelled: for write in batch { write.fail(CancellationError()) }
            }
        }
    }

    private func commit(_ batch: Deque<Write>) {
        var outcomes: [@Sendable ((any Error)?) -> Void] = []
        var unanswered = batch
        do {
            try database.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    while let write = unanswered.popFirst() {
                        do {
                            outcomes.append(try write.run(database))
                        } catch {
                            write.fail(error)
                            // A full disk ends the whole transaction: nothing more may be written outside of it.
                            guard database.isInsideTransaction else { throw error }
                        }
                    }
                    return .commit
                }
            }
            for outcome in outcomes { outcome(nil) }
        } catch {
            for outcome in outcomes { outcome(error) }
            for write in unanswered { write.fail(error) }
        }
    }

    func shutdown() async {
        try? await thread.shutdownGracefully()
    }
}
