/// A fast 64-bit hash that folds in sixteen bytes per wide multiplication.
///
/// It only selects a slot in a table whose entries are then compared byte by byte, so it need not resist attacks.
struct ByteHash {
    private(set) var value: UInt64

    private static var first: UInt64 { 0x9E37_79B9_7F4A_7C15 }
    private static var second: UInt64 { 0xD6E8_FEB8_6659_FD93 }

    init(seed: UInt64) { value = seed ^ Self.first }

    @inline(__always)
    mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes.count
        guard var next = bytes.baseAddress else { return }
        while rest >= 16 {
            fold(next.loadUnaligned(as: UInt64.self), next.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            next += 16
            rest -= 16
        }
        var tail: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &tail) { $0.copyMemory(from: UnsafeRawBufferPointer(start: next, count: rest)) }
        fold(tail.0, tail.1 ^ UInt64(bytes.count))
    }

    @inline(__always)
    private mutating func fold(_ low: UInt64, _ high: UInt64) {
        let product = (value ^ low ^ Self.first).multipliedFullWidth(by: high ^ Self.second)
        value = product.high ^ product.low &+ low
    }
}
