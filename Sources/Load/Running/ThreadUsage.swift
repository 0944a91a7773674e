import CEpoll
import Glibc

/// Processor usage of one thread, in nanoseconds.
package struct ThreadUsage: Equatable, Codable, Sendable {
    package var user: Nanoseconds
    package var system: Nanoseconds
    /// Time during which it batched wake-ups. See ``WakeUpBatching``.
    package var wakeUpBatching: Nanoseconds = 0
    /// The part of the CPU time that was spent busy-waiting (`--spin`).
    package var watched: Nanoseconds = 0
    /// Time in which the thread was runnable but had no core.
    package var runDelay: Nanoseconds = 0

    /// Time in which the thread had work to do, with or without a core.
    package var busy: Nanoseconds { total - min(watched, total) + runDelay }

    package var total: Nanoseconds { user + system }

    /// Usage of the calling thread since it began.
    static func current() -> ThreadUsage {
        var usage = rusage()
        thread_resource_usage(&usage)
        return ThreadUsage(
            user: nanoseconds(usage.ru_utime), system: nanoseconds(usage.ru_stime), runDelay: currentRunDelay())
    }

    static func - (later: ThreadUsage, earlier: ThreadUsage) -> ThreadUsage {
        ThreadUsage(
            user: later.user - earlier.user, system: later.system - earlier.system,
            runDelay: later.runDelay - min(earlier.runDelay, later.runDelay))
    }

    private static func nanoseconds(_ time: timeval) -> Nanoseconds {
        UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1000
    }

    /// The run delay: the second of the scheduler's three numbers for each thread (Linux,
    /// Documentation/scheduler/sched-stats). 0 if the kernel does not record it.
    private static func currentRunDelay() -> Nanoseconds {
        let file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return 0 }
        return runDelay(inSchedstat: String(decoding: bytes[..<count], as: UTF8.self))
    }

    static func runDelay(inSchedstat text: String) -> Nanoseconds {
        let numbers = text.split(separator: " ")
        return numbers.count > 1 ? Nanoseconds(numbers[1]) ?? 0 : 0
    }
}
