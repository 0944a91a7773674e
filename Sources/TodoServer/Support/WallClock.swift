import Glibc

/// The time of day, for what is compared with clocks elsewhere: tokens, dates, expiries in Redis.
package enum WallClock {
    /// Milliseconds since 1970.
    package static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Seconds since 1970.
    package static var seconds: Int64 { milliseconds / 1000 }
}
