import NIOCore
import NIOPosix
import Synchronization

/// Threads for work that blocks or computes, with a bounded queue: past it work is refused at once,
/// which is kinder to a caller than a wait without end.
package final class WorkerPool: Sendable {
    /// The queue is full: answer 503 and let the client come back.
    package struct Full: Error {
        package var name: String
    }

    private let name: String
    private let capacity: Int
    private let threads: NIOThreadPool
    private let inFlight = Atomic<Int>(0)

    /// - Parameter capacity: how much work may be running or waiting at any time.
    package init(name: String, threads: Int, capacity: Int) {
        self.name = name
        self.capacity = capacity
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.threads.start()
    }

    /// Has work done and waits for it. Work of a client that has left meanwhile is not begun.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard inFlight.add(1, ordering: .relaxed).newValue <= capacity else {
            inFlight.subtract(1, ordering: .relaxed)
            throw Full(name: name)
        }
        defer { inFlight.subtract(1, ordering: .relaxed) }
        guard let demand = Demand.current else { return try await threads.runIfActive(work) }
        let asked = NIODeadline.now()
        return try await threads.runIfActive {
            guard demand.isWanted(after: .now() - asked) else { throw Abandoned() }
            return try work()
        }
    }

    /// Has work done, without waiting for it.
    /// - Parameter work: called with false where the pool stops before it gets to it.
    package func submit(_ work: @escaping @Sendable (_ isActive: Bool) -> Void) throws(Full) {
        guard inFlight.add(1, ordering: .relaxed).newValue <= capacity else {
            inFlight.subtract(1, ordering: .relaxed)
            throw Full(name: name)
        }
        threads.submit { [self] state in
            defer { inFlight.subtract(1, ordering: .relaxed) }
            if case .active = state { work(true) } else { work(false) }
        }
    }

    package func shutdown() async {
        try? await threads.shutdownGracefully()
    }
}
