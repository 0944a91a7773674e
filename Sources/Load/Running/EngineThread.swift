import Glibc
import Synchronization

/// A dedicated thread that returns one value.
final class EngineThread<Value: Sendable>: Sendable {
    private let thread: pthread_t
    private let slot: Slot

    private final class Slot: Sendable {
        let body: @Sendable () -> Value
        let value = Mutex<Value?>(nil)

        init(body: @escaping @Sendable () -> Value) { self.body = body }

        func run() {
            let value = body()
            self.value.withLock { $0 = value }
        }
    }

    init(_ body: @escaping @Sendable () -> Value) throws(LoadError) {
        let slot = Slot(body: body)
        var created = pthread_t()
        // A C function cannot be generic, so the slot is passed as a closure.
        let start = Unmanaged.passRetained(Start(run: slot.run))
        let code = pthread_create(
            &created, nil,
            { argument in
                // OpenSSL writes to sockets without suppressing SIGPIPE for closed ones.
                var signals = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw .system(call: "pthread_create", code: code)
        }
        self.slot = slot
        thread = created
    }

    /// Waits for the thread to end. Call either this or ``detach()``, exactly once.
    @discardableResult
    func join() -> Value? {
        pthread_join(thread, nil)
        return slot.value.withLock { $0 }
    }

    /// Lets the thread end on its own.
    func detach() {
        pthread_detach(thread)
    }
}

private final class Start: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
}
