import Glibc

/// The time of day, for values that are compared with other clocks: tokens, dates, expiry times in Redis.
package enum WallClock {
    /// Milliseconds since 1970.
    package static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The current time as an RFC 3339 timestamp in UTC with milliseconds: `2030-01-31T12:00:00.000Z`.
    package static var timestamp: String {
        let now = milliseconds
        var time = time_t(now / 1000)
        var parts = tm()
        gmtime_r(&time, &parts)
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = [1900 + Int(parts.tm_year), Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { digits($0, 2) }
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0), 2) }
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + "." + digits(Int(now % 1000), 3) + "Z"
    }

    /// Seconds since 1970.
    package static var seconds: Int64 { milliseconds / 1000 }
}
