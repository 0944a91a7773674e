import Glibc
import Scenario

/// Blocks the calling thread. Each scenario has a thread of its own.
package enum Pause {
    package static func wait(_ duration: Duration) {
        let nanoseconds = max(0, duration.nanoseconds)
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        var left = timespec()
        while nanosleep(&time, &left) != 0, errno == EINTR { time = left }
    }
}
