import CEpoll
import Glibc

/// An edge-triggered epoll set: it owns its descriptor.
struct Epoll: ~Copyable {
    private let descriptor: Int32

    init() throws(LoadError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .system(call: "epoll_create1", code: errno) }
    }

    deinit { close(descriptor) }

    /// Watches a socket until it is closed.
    ///
    /// Readiness to write is watched all along: by edges that costs nothing, for the kernel tells of it only once a
    /// send has met a full buffer. So a socket needs this one call in all its life.
    func add(_ socket: Int32, token: UInt64) -> Int32 {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = token
        return epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : errno
    }

    /// Lets the calling thread's waits end when they are due, and not up to 50 µs later.
    static func sharpenTimers() { thread_sharpen_timers() }

    /// Waits for events, at most `timeout`.
    /// - Returns: how many of `events` were filled; none where the time passed or a signal came.
    @inline(__always)
    func wait(_ events: UnsafeMutableBufferPointer<epoll_event>, timeout: Nanoseconds) -> Int {
        var time = timespec(tv_sec: Int(timeout / 1_000_000_000), tv_nsec: Int(timeout % 1_000_000_000))
        let count = epoll_pwait2(descriptor, events.baseAddress, Int32(events.count), &time, nil)
        return max(0, Int(count))
    }
}
