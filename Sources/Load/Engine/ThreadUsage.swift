import CEpoll
import Glibc

/// Processor time of one thread, in nanoseconds.
package struct ThreadUsage: Equatable, Codable, Sendable {
    package var user: Nanoseconds
    package var system: Nanoseconds
    /// Time in which it coalesced wake-ups: see ``WakeupCoalescing``.
    package var coalesced: Nanoseconds = 0
    /// Of the processor time, what went into watching the clock before something was due (`--spin`).
    package var watched: Nanoseconds = 0

    /// Processor time that the load itself took.
    package var busy: Nanoseconds { total - min(watched, total) }

    package var total: Nanoseconds { user + system }

    /// What the calling thread has used since it began.
    static func current() -> ThreadUsage {
        var usage = rusage()
        thread_resource_usage(&usage)
        return ThreadUsage(user: nanoseconds(usage.ru_utime), system: nanoseconds(usage.ru_stime))
    }

    static func - (later: ThreadUsage, earlier: ThreadUsage) -> ThreadUsage {
        ThreadUsage(user: later.user - earlier.user, system: later.system - earlier.system)
    }

    private static func nanoseconds(_ time: timeval) -> Nanoseconds {
        UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1000
    }
}
