import CEpoll
import Glibc

/// An edge-triggered epoll set with a heartbeat. It owns its descriptors.
///
/// A wait with a timeout arms a kernel timer and disarms it when a socket is ready, which costs a twentieth of a
/// request. With one periodic timer, most waits need no timeout.
struct Epoll: ~Copyable {
    private let descriptor: Int32
    private let timer: Int32

    /// The token that marks heartbeat events.
    static var heartbeat: UInt64 { .max }

    /// - Parameter interval: the time between heartbeats.
    init(heartbeat interval: Nanoseconds) throws(LoadError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
        guard descriptor >= 0 else { throw .system(call: "epoll_create1", code: errno) }
        guard timer >= 0 else { throw .system(call: "timerfd_create", code: errno) }
        let time = timespec(tv_sec: 0, tv_nsec: Int(interval))
        var beat = itimerspec(it_interval: time, it_value: time)
        guard timerfd_settime(timer, 0, &beat, nil) == 0 else {
            throw .system(call: "timerfd_settime", code: errno)
        }
        let code = add(timer, events: EPOLLIN.rawValue, token: Self.heartbeat)
        guard code == 0 else { throw .system(call: "epoll_ctl", code: code) }
    }

    deinit {
        if timer >= 0 { close(timer) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Acknowledges a heartbeat. No other is reported before that.
    func endHeartbeat() {
        var beats: UInt64 = 0
        _ = read(timer, &beats, MemoryLayout<UInt64>.size)
    }

    /// Watches a socket until it is closed.
    ///
    /// Writability is watched from the start. With edge triggering that is free, because the kernel reports it only
    /// after a send has met a full buffer. So a socket needs only this one call.
    func add(_ socket: Int32, token: UInt64) -> Int32 {
        add(
            socket, events: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue,
            token: token)
    }

    private func add(_ file: Int32, events: UInt32, token: UInt64) -> Int32 {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        return epoll_ctl(descriptor, EPOLL_CTL_ADD, file, &event) == 0 ? 0 : errno
    }

    /// Makes the calling thread's waits end when they are due, rather than up to 50 µs later.
    static func sharpenTimers() { thread_sharpen_timers() }

    /// Waits for events, including heartbeats.
    /// - Returns: how many of `events` were filled; 0 after a signal.
    @inline(__always)
    func wait(_ events: UnsafeMutableBufferPointer<epoll_event>) -> Int {
        max(0, Int(epoll_wait(descriptor, events.baseAddress, Int32(events.count), -1)))
    }

    /// Collects pending events without waiting.
    /// - Returns: how many of `events` were filled.
    @inline(__always)
    func poll(_ events: UnsafeMutableBufferPointer<epoll_event>) -> Int {
        max(0, Int(epoll_wait(descriptor, events.baseAddress, Int32(events.count), 0)))
    }

    /// Waits for events for at most `timeout`.
    /// - Returns: how many of `events` were filled; 0 after the timeout or a signal.
    @inline(__always)
    func wait(_ events: UnsafeMutableBufferPointer<epoll_event>, timeout: Nanoseconds) -> Int {
        var time = timespec(tv_sec: Int(timeout / 1_000_000_000), tv_nsec: Int(timeout % 1_000_000_000))
        let count = epoll_pwait2(descriptor, events.baseAddress, Int32(events.count), &time, nil)
        return max(0, Int(count))
    }
}
