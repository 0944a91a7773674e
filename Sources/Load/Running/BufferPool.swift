/// Buffers for data that does not fit in a single read or write, reused by the thread that owns the pool.
///
/// Sizes are powers of two from 4 KiB. Buffers up to 256 KiB are kept when returned. Larger ones are freed, so that a
/// few very large responses do not enlarge the process for good.
struct BufferPool: ~Copyable {
    struct Buffer {
        var base: UnsafeMutableRawPointer
        var capacity: Int
    }

    private static var smallest: Int { 12 }
    private static var largestKept: Int { 18 }

    private var kept: [[UnsafeMutableRawPointer]]

    init() {
        kept = Array(repeating: [], count: Self.largestKept - Self.smallest + 1)
    }

    mutating func take(atLeast count: Int) -> Buffer {
        let exponent = max(Self.smallest, Int.bitWidth - (count - 1).leadingZeroBitCount)
        let capacity = 1 << exponent
        if exponent <= Self.largestKept, let base = kept[exponent - Self.smallest].popLast() {
            return Buffer(base: base, capacity: capacity)
        }
        return Buffer(base: .allocate(byteCount: capacity, alignment: 16), capacity: capacity)
    }

    mutating func give(_ buffer: Buffer) {
        let exponent = buffer.capacity.trailingZeroBitCount
        if exponent <= Self.largestKept {
            kept[exponent - Self.smallest].append(buffer.base)
        } else {
            buffer.base.deallocate()
        }
    }

    deinit {
        for list in kept {
            for base in list { base.deallocate() }
        }
    }
}
