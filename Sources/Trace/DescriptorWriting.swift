import Glibc

/// The one loop that writes to file descriptors: standard output, reports and traces.
package enum DescriptorWriting {
    /// Writes all of the bytes. Waits while a non-blocking descriptor is not ready.
    ///
    /// - Returns: 0, or the system's error number.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            if count > 0 {
                start += count
            } else if count < 0, errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if count == 0 || errno != EINTR {
                return count == 0 ? EIO : errno
            }
        }
        return 0
    }
}
