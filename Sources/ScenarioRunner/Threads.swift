import Foundation

/// Threads for work that blocks.
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
}
