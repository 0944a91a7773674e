import Synchronization

/// How many connections are open, and how many may be.
package final class ConnectionCount: Sendable {
    private let limit: Int
    private let count = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Counts a new connection. False where it is one too many; it counts all the same until it is closed.
    package func open() -> Bool {
        count.add(1, ordering: .relaxed).newValue <= limit
    }

    package func close() {
        count.subtract(1, ordering: .relaxed)
    }

    /// Whether there are so many that not even a refusal can be said to all: each has a file open until it is over.
    package var isFlooded: Bool { current > limit + 64 }

    package var current: Int { count.load(ordering: .relaxed) }
}
