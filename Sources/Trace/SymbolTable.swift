/// Maps names to the numbers that stand for them in records.
///
/// All names are in one array of bytes, because a trace of unique values has millions of them.
package struct SymbolTable: Sendable {
    private var bytes: [UInt8] = []
    /// Where each name ends in `bytes`.
    private var ends: [Int] = []
    /// A hash table with open addressing: the names' numbers, at the places of their hashes.
    private var slots = [UInt32](repeating: vacant, count: 16)
    /// The numbers last looked up; most names repeat the previous row's.
    private var last: UInt32 = vacant
    /// Differs from table to table, so that a server cannot choose values that collide.
    private let seed = UInt64.random(in: .min ... .max)

    private static let vacant = UInt32.max

    package init() {}

    package var count: Int { ends.count }

    package var names: [String] { (0..<UInt32(count)).map { self[$0] } }

    package subscript(number: UInt32) -> String {
        Int(number) < count ? String(decoding: bytes[range(Int(number))], as: UTF8.self) : "?"
    }

    /// The bytes of a name; empty for an unknown number.
    package func bytes(of number: UInt32) -> ArraySlice<UInt8> {
        Int(number) < count ? bytes[range(Int(number))] : []
    }

    /// The number of a name. An unknown name gets a new number.
    package mutating func number(of name: String) -> UInt32 {
        var name = name
        return name.withUTF8 { number(of: UnsafeRawBufferPointer($0)) }
    }

    package mutating func number(of name: ArraySlice<UInt8>) -> UInt32 {
        name.withUnsafeBytes { number(of: $0) }
    }

    package mutating func number(of name: UnsafeRawBufferPointer) -> UInt32 {
        if last != Self.vacant, isEqual(Int(last), name) { return last }
        var slot = Int(truncatingIfNeeded: hash(name)) & (slots.count - 1)
        while slots[slot] != Self.vacant {
            if isEqual(Int(slots[slot]), name) {
                last = slots[slot]
                return last
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = UInt32(ends.count)
        bytes.append(contentsOf: name)
        ends.append(bytes.count)
        slots[slot] = number
        if 2 * ends.count > slots.count { grow() }
        last = number
        return number
    }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    private func isEqual(_ number: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        let range = range(number)
        guard range.count == name.count else { return false }
        return bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).elementsEqual(name) }
    }

    private mutating func grow() {
        var larger = [UInt32](repeating: Self.vacant, count: 4 * slots.count)
        bytes.withUnsafeBytes { all in
            for number in ends.indices {
                var slot =
                    Int(truncatingIfNeeded: hash(UnsafeRawBufferPointer(rebasing: all[range(number)])))
                    & (larger.count - 1)
                while larger[slot] != Self.vacant { slot = (slot + 1) & (larger.count - 1) }
                larger[slot] = UInt32(number)
            }
        }
        slots = larger
    }

    /// Folds eight bytes at a time with a wide multiplication, as wyhash does.
    private func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
        var state = seed ^ UInt64(name.count)
        var index = 0
        while index < name.count {
            var word: UInt64 = 0
            if index + 8 <= name.count {
                word = name.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            } else {
                for byte in name[index...] { word = word << 8 | UInt64(byte) }
            }
            let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            state = product.high ^ product.low
            index += 8
        }
        let product = (state ^ seed).multipliedFullWidth(by: 0xBF58_476D_1CE4_E5B9)
        return product.high ^ product.low
    }
}
