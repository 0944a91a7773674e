/// Buffers for what does not fit a single read or write, kept for reuse by the thread that owns the pool.
///
/// They come in powers of two from 4 KiB. Those up to 256 KiB are kept when given back, larger ones are freed: a few
/// very large responses do not make the process large for ever.
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
