import Dispatch
import Foundation
import Glibc

/// Threads for blocking work, outside the cooperative pool.
package enum Threads {
    /// Runs the body on `count` threads at the same time and resumes when all of them have finished.
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

    /// Runs the body on a thread of its own, and resumes with its result.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    /// Starts a detached thread.
    ///
    /// - Throws: if the system cannot create another thread.
    static func start(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        // There may be thousands of threads; the default of 8 MiB each would exhaust the address space.
        pthread_attr_setstacksize(attributes, 1 << 20)
        let start = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, attributes,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw TransportError(
                .other, "could not start a thread: \(String(cString: strerror(code)))",
                help: "a burst over TLS needs a thread for each connection: lower its \"concurrency\"")
        }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs the body once for each index, each on its own thread, and blocks until all have finished.
    package static func runAndWait(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
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
