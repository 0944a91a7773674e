import Glibc

/// SIGPIPE, which a write to a closed connection raises.
enum BrokenPipes {
    /// Runs the body without SIGPIPE in this thread. hiredis writes to closed connections without suppressing the signal.
    static func suppressed<Value, Failure: Error>(
        in body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var pipe = sigset_t()
        var before = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer {
            if sigismember(&before, SIGPIPE) == 0 {
                var none = timespec()
                while sigtimedwait(&pipe, nil, &none) == SIGPIPE {}
            }
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return try body()
    }
}
