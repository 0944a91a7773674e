import Glibc

/// The bytes of a trace file, read in pieces: a long trace is twice as large in memory as its records.
struct TraceInput: ~Copyable {
    /// The length of the file.
    let count: Int
    private var window: [UInt8]
    /// Where the window begins in the file.
    private var start = 0
    /// -1 if the window is the whole file.
    private let descriptor: Int32

    private static var pieceSize: Int { 1 << 20 }

    init(_ bytes: [UInt8]) {
        window = bytes
        count = bytes.count
        descriptor = -1
    }

    /// Opens a regular file in the binary format; nil if it is anything else, such as a pipe, CSV, or not readable.
    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var information = stat()
        let isRegular = fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
        var opening = [UInt8](repeating: 0, count: TraceLayout.magic.count)
        guard isRegular, pread(descriptor, &opening, opening.count, 0) == opening.count, TraceFile.isTrace(opening)
        else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        count = Int(information.st_size)
        window = []
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Makes the bytes of a range available, which lies within the file.
    mutating func cover(_ range: Range<Int>) throws(TraceError) {
        guard range.lowerBound < start || range.upperBound > start + window.count else { return }
        guard descriptor >= 0 else { throw TraceError(offset: range.lowerBound, "the file ends here") }
        start = range.lowerBound
        let wanted = min(max(range.count, Self.pieceSize), count - start)
        var failure: Int32 = 0
        window = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let read = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled, off_t(start + filled))
                if read > 0 {
                    filled += read
                } else if read == 0 || errno != EINTR {
                    failure = read == 0 ? EIO : errno
                    return
                }
            }
        }
        guard range.count <= window.count else {
            throw TraceError(offset: start, "the file cannot be read: \(String(cString: strerror(failure)))")
        }
    }

    /// A covered byte.
    subscript(offset: Int) -> UInt8 { window[offset - start] }

    /// Covered bytes.
    subscript(range: Range<Int>) -> ArraySlice<UInt8> {
        window[range.lowerBound - start..<range.upperBound - start]
    }

    /// A covered little-endian integer.
    @inline(__always)
    func load<Number: FixedWidthInteger>(_: Number.Type, _ offset: Int) -> Number {
        window.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset - start, as: Number.self))
        }
    }
}
