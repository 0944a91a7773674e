import NIOCore
import NIOPosix
import Synchronization

/// Threads for work that blocks or computes, with a bounded queue.
///
/// When the queue is full, work is rejected immediately instead of waiting without limit.
package final class WorkerPool: Sendable {
    /// The queue is full. The response is 503, so that the client retries later.
    package struct Full: Error {
        package var name: String
    }

    private let name: String
    private let capacity: Int
    private let threads: NIOThreadPool
    private let inFlight = Atomic<Int>(0)

    /// - Parameter capacity: maximum number of work items running or waiting.
    package init(name: String, threads: Int, capacity: Int) {
        self.name = name
        self.capacity = capacity
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.threads.start()
    }

    /// Runs work on the pool and waits for it. If its client disconnects before it begins, it is dropped.
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

    /// Runs work on the pool without waiting for it.
    /// - Parameter work: called with false if the pool shuts down before the work begins.
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
