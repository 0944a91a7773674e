import NIOCore

/// Text and bytes, one after another, into memory that was reserved for all of them at once: a `ByteBuffer` looks after its
/// storage at every write, which for many short ones costs more than the writes.
extension OutputRawSpan {
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    mutating func append(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { append($0) }
    }

    /// - Precondition: there is room for them.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes { memory, count in
            UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + bytes.count]).copyMemory(from: bytes)
            count += bytes.count
        }
    }

    /// Appends the decimal digits of a number that is not negative: 19 at most.
    mutating func appendDecimal(_ number: Int) {
        var digits = 1
        var power = 10
        while digits < 19, number >= power { (digits, power) = (digits + 1, power &* 10) }
        withUnsafeMutableBytes { memory, count in
            var rest = number
            for index in (count..<count + digits).reversed() {
                memory[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            count += digits
        }
    }
}

extension ByteBuffer {
    /// Appends the decimal digits of a number that is not negative.
    package mutating func writeDecimal(_ number: Int) {
        writeWithOutputRawSpan(minimumWritableBytes: 19) { $0.appendDecimal(number) }
    }
}
