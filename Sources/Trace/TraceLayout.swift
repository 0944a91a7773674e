/// The binary format of traces, version 1. See docs/trace-format.md.
///
/// A header, then blocks, then an end block. All integers are little-endian.
enum TraceLayout {
    /// The first byte is not ASCII, so that no text file begins like this; the last shows whether lines were converted.
    static let magic: [UInt8] = [0x89] + Array("GTRACE\n".utf8)
    static let version: UInt32 = 1

    /// Magic, version (4 bytes), the record's size (4), the origin of times (8), reserved (8).
    static let headerSize = 32
    /// Kind (1 byte), table (1), source (2), count (4), payload's length (8).
    static let blockHeaderSize = 16
    static let recordSize = 32
    /// A record, then the time to wait (8 bytes), the remaining count (4), reserved (4).
    static let promiseSize = 48
    /// The number of records in the file (8 bytes), and of those lost (8).
    static let endSize = 16

    /// The latest instant. A year has 3.2e16 ns, and sums of instants and windows must fit.
    static let latest: Nanoseconds = 1 << 62 - 1
    /// The longest name.
    static let longestName = 1 << 24

    enum Block: UInt8 {
        /// Names of one table of one source, numbered from the last block's on.
        case names = 1
        case records = 2
        /// Records of responses that said something about the limit.
        case promises = 3
        /// The last block: without it the file was cut off.
        case end = 4
    }

    // MARK: The bits of a record

    static let usedBits: UInt8 = 0b1_1111

    /// The bits of outcome, operation and flags; nil if a version 1 file cannot have them.
    static func isValid(bits: UInt8) -> Bool { bits & ~usedBits == 0 }
}
