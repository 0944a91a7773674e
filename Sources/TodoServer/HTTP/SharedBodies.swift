import Glibc
import NIOCore

/// The long bodies that one event loop is sending. Equal bodies are kept only once.
///
/// A list read repeatedly from Redis arrives in a new buffer each time. All its readers are sent the same one.
struct SharedBodies {
    /// A body in use. It must be returned exactly once.
    struct Lease {
        fileprivate let mark: UInt64?
        let count: Int
        /// The connection's approximate part of the memory.
        let share: Int
    }

    private struct Entry {
        let body: ByteBuffer
        var users: Int
    }

    /// Keyed by a hash of the contents. A body with an equal hash is compared, and not shared if it differs.
    private var entries: [UInt64: Entry] = [:]
    /// Bytes of all bodies together.
    private(set) var bytes = 0

    /// - Returns: a buffer with the same bytes, and its lease.
    mutating func take(_ body: ByteBuffer) -> (body: ByteBuffer, lease: Lease) {
        let count = body.readableBytes
        let mark = body.mark
        guard let entry = entries[mark] else {
            entries[mark] = Entry(body: body, users: 1)
            bytes += count
            return (body, Lease(mark: mark, count: count, share: count))
        }
        guard entry.body.hasBytes(of: body) else {
            bytes += count
            return (body, Lease(mark: nil, count: count, share: count))
        }
        entries[mark]?.users += 1
        return (entry.body, Lease(mark: mark, count: count, share: count / (entry.users + 1)))
    }

    mutating func giveBack(_ lease: Lease) {
        guard let mark = lease.mark else {
            bytes -= lease.count
            return
        }
        entries[mark]?.users -= 1
        if entries[mark]?.users == 0 {
            entries[mark] = nil
            bytes -= lease.count
        }
    }
}

extension ByteBuffer {
    /// The number of intervals between sampled words.
    private static let markedWords = 64

    /// A hash of sampled words. Samples are enough, because all bytes are compared before a buffer is shared.
    fileprivate var mark: UInt64 {
        withUnsafeReadableBytes { bytes in
            var mark = UInt64(bytes.count)
            let last = bytes.count - MemoryLayout<UInt64>.size
            guard last > 0 else { return mark }
            for sample in 0...Self.markedWords {
                let word = bytes.loadUnaligned(fromByteOffset: last * sample / Self.markedWords, as: UInt64.self)
                mark = (mark ^ word) &* 0x9E37_79B9_7F4A_7C15
                mark ^= mark >> 29
            }
            return mark
        }
    }

    fileprivate func hasBytes(of other: ByteBuffer) -> Bool {
        withUnsafeReadableBytes { one in
            other.withUnsafeReadableBytes { other in
                guard one.count == other.count, let start = one.baseAddress, let otherStart = other.baseAddress else {
                    return one.count == other.count
                }
                return start == otherStart || memcmp(start, otherStart, one.count) == 0
            }
        }
    }
}
