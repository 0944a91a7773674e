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

    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard inFlight.add(1, ordering: .relaxed).newValue <= capacity else {
            inFlight.subtract(1, ordering: .relaxed)
            throw Full(name: name)
        }
        defer { inFlight.subtract(1, ordering: .relaxed) }
        return try await threads.runIfActive(work)
    }

    package func shutdown() async {
        try? await threads.shutdownGracefully()
    }
}
