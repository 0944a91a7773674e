import NIOCore

/// Appends text and bytes to memory reserved in advance.
///
/// A `ByteBuffer` checks its storage on every write. For many short writes, that costs more than the writes themselves.
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

    /// - Precondition: the span has room for the bytes.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes { memory, count in
            UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + bytes.count]).copyMemory(from: bytes)
            count += bytes.count
        }
    }

    /// Appends a non-negative number in decimal, at most 19 digits.
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

extension String {
    /// Makes ASCII text in one pass and with one allocation. Interpolation makes a string of each part first.
    /// - Parameter capacity: at least as many bytes as are appended.
    init(capacity: Int, _ append: (inout OutputRawSpan) -> Void) {
        self.init(unsafeUninitializedCapacity: capacity) { memory in
            let memory = UnsafeMutableRawBufferPointer(memory)
            var output = OutputRawSpan(buffer: memory, initializedCount: 0)
            append(&output)
            return output.finalize(for: memory)
        }
    }
}

extension ByteBuffer {
    /// Appends a non-negative number in decimal.
    package mutating func writeDecimal(_ number: Int) {
        writeWithOutputRawSpan(minimumWritableBytes: 19) { $0.appendDecimal(number) }
    }
}
