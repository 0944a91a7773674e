import NIOCore

extension ByteBuffer {
    /// Appends a JSON string. Escapes only what RFC 8259 section 7 requires.
    package mutating func writeJSON(_ string: String) {
        var string = string
        string.withUTF8 { bytes in
            let isEscaped = bytes.contains(where: \.mustBeEscapedInJSON)
            let room = bytes.count * (isEscaped ? Self.longestEscape : 1) + 2
            writeWithOutputRawSpan(minimumWritableBytes: room) { output in
                output.append("\"")
                if isEscaped {
                    for byte in bytes { output.appendEscaped(byte) }
                } else {
                    output.append(UnsafeRawBufferPointer(bytes))
                }
                output.append("\"")
            }
        }
    }

    /// The length of `\u001f` in bytes.
    private static let longestEscape = 6

    /// Appends a value. Object members keep their order.
    package mutating func writeJSON(_ value: JSONValue) {
        switch value {
        case .null: writeStaticString("null")
        case .bool(let bool): writeStaticString(bool ? "true" : "false")
        case .number(let text): writeString(text)
        case .string(let string): writeJSON(string)
        case .array(let elements):
            writeList(elements, "[", "]") { $0.writeJSON($1) }
        case .object(let object):
            writeList(object.members, "{", "}") {
                $0.writeJSON($1.name)
                $0.writeStaticString(":")
                $0.writeJSON($1.value)
            }
        }
    }

    /// Appends elements between brackets, separated by commas.
    package mutating func writeList<Elements: Collection>(
        _ elements: Elements, _ opening: StaticString, _ closing: StaticString,
        _ write: (inout ByteBuffer, Elements.Element) -> Void
    ) {
        writeStaticString(opening)
        var isFirst = true
        for element in elements {
            if !isFirst { writeStaticString(",") }
            isFirst = false
            write(&self, element)
        }
        writeStaticString(closing)
    }
}

extension OutputRawSpan {
    fileprivate mutating func appendEscaped(_ byte: UInt8) {
        func escape(_ text: StaticString) { append(text) }
        switch byte {
        case UInt8(ascii: "\""): escape("\\\"")
        case UInt8(ascii: "\\"): escape("\\\\")
        case 0x0A: escape("\\n")
        case 0x0D: escape("\\r")
        case 0x09: escape("\\t")
        case 0..<0x20:
            escape(byte < 0x10 ? "\\u000" : "\\u001")
            let digit = byte & 0xF
            appendByte(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        default: appendByte(byte)
        }
    }

    private mutating func appendByte(_ byte: UInt8) {
        withUnsafeMutableBytes { memory, count in
            memory[count] = byte
            count += 1
        }
    }
}

extension UInt8 {
    fileprivate var mustBeEscapedInJSON: Bool {
        self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
    }
}
