import Dispatch
import Foundation

/// Threads for work that blocks, outside the cooperative pool.
enum Threads {
    /// Runs the body on so many threads at once; resumes when all of them are done.
    static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            body()
                            continuation.resume()
                        }
                    }
                }
            }
        }
    }

    /// Runs the body once for each index, each on a thread of its own; the calling thread waits for all of them.
    static func runAndWait(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(index)
                group.leave()
            }
        }
        group.wait()
    }
}
