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
        let code = DescriptorWriting.write(bytes, to: descriptor)
        guard code != 0 else { return }
        let failure = TraceWriteError(path: path, code: code)
        self.failure = failure
        throw failure
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
