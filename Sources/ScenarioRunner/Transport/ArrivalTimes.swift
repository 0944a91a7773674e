import Glibc

/// When unread data arrived on a socket, by the kernel's clock.
///
/// A response may wait in its socket while the thread that will read it is still sending. Such a response is no longer
/// in flight, but only the kernel knows when it arrived (socket(7), `SO_TIMESTAMPNS`).
struct ArrivalTimes {
    private let anchor: (instant: ContinuousClock.Instant, seconds: Int, nanoseconds: Int)

    init() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        anchor = (ContinuousClock.now, time.tv_sec, time.tv_nsec)
    }

    /// `SO_TIMESTAMPNS`, which the C header defines by an expression that Swift cannot import.
    private static var timestampNanoseconds: Int32 { 35 }

    /// Makes the kernel record when data arrives on a socket.
    static func record(on descriptor: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, timestampNanoseconds, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Enough for the data that arrives between two looks. Beyond it, only the first part is considered.
    private static var peekLength: Int { 64 * 1024 }

    /// Peeks at the sockets that are readable now, without consuming data.
    ///
    /// - Returns: for each descriptor, when the last of its unread data arrived; nil without data or a timestamp.
    func latest(on descriptors: [Int32]) -> [ContinuousClock.Instant?] {
        var states = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&states, nfds_t(states.count), 0) > 0 else { return descriptors.map { _ in nil } }
        return withUnsafeTemporaryAllocation(byteCount: Self.peekLength, alignment: 1) { buffer in
            states.map { $0.revents & Int16(POLLIN) != 0 ? latest(on: $0.fd, buffer) : nil }
        }
    }

    private func latest(on descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> ContinuousClock.Instant? {
        let headerLength = MemoryLayout<cmsghdr>.size
        return withUnsafeTemporaryAllocation(byteCount: 128, alignment: MemoryLayout<cmsghdr>.alignment) { control in
            var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            return withUnsafeMutablePointer(to: &vector) { vector in
                var message = msghdr()
                message.msg_iov = vector
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = control.count
                let flags = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
                guard recvmsg(descriptor, &message, flags) > 0,
                    message.msg_controllen >= headerLength + MemoryLayout<timespec>.size
                else { return nil }
                let header = control.load(as: cmsghdr.self)
                guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == Self.timestampNanoseconds else { return nil }
                return instant(of: control.load(fromByteOffset: headerLength, as: timespec.self))
            }
        }
    }

    private func instant(of time: timespec) -> ContinuousClock.Instant {
        anchor.instant + .seconds(time.tv_sec - anchor.seconds) + .nanoseconds(time.tv_nsec - anchor.nanoseconds)
    }
}
