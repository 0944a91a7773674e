import CEpoll
import Glibc
import Trace

/// A time on the machine's monotonic clock, or a duration, in nanoseconds.
package typealias Nanoseconds = Trace.Nanoseconds

/// The machine's clocks.
package struct MonotonicClock: EngineClock {
    /// Reads CLOCK_MONOTONIC: about 20 ns, without a system call.
    @inline(__always)
    package static func now() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    static func wallTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @inline(__always)
    func now() -> Nanoseconds { Self.now() }

    func wallTime() -> Double { Self.wallTime() }

    func sleep(_ time: Nanoseconds) {
        var time = timespec(tv_sec: 0, tv_nsec: Int(time))
        clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nil)
    }

    func processorTime() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    func usage() -> ThreadUsage { .current() }
}

extension Nanoseconds {
    /// The duration in nanoseconds, clamped to 0 if negative and to the maximum if too long.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        self = overflow ? .max : whole &+ UInt64(clamping: attoseconds / 1_000_000_000)
    }
}
