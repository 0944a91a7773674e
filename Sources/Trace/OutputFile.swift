import Glibc

/// A file that is written from front to back. After an error every further write fails too.
struct OutputFile: ~Copyable {
    private let path: String
    private var descriptor: Int32
    private var failure: TraceWriteError?

    init(replacing path: String) throws(TraceWriteError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw TraceWriteError(path: path, code: errno) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    mutating func write(_ bytes: [UInt8]) throws(TraceWriteError) {
        if let failure { throw failure }
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
                let failure = TraceWriteError(path: path, code: count == 0 ? EIO : errno)
                self.failure = failure
                throw failure
            }
        }
    }

    /// Closes the file, and reports what the system could not write until then.
    mutating func close() throws(TraceWriteError) {
        if let failure { throw failure }
        guard descriptor >= 0 else { return }
        let result = Glibc.close(descriptor)
        descriptor = -1
        guard result == 0 else { throw TraceWriteError(path: path, code: errno) }
    }
}
