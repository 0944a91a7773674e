import NIOCore

extension ByteBuffer {
    /// Appends a JSON string. Only what RFC 8259 section 7 requires is escaped; the rest stays UTF-8.
    package mutating func writeJSON(_ string: String) {
        writeInteger(UInt8(ascii: "\""))
        if string.utf8.contains(where: \.mustBeEscapedInJSON) {
            for byte in string.utf8 { writeEscaped(byte) }
        } else {
            writeString(string)
        }
        writeInteger(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): writeStaticString("\\\"")
        case UInt8(ascii: "\\"): writeStaticString("\\\\")
        case 0x0A: writeStaticString("\\n")
        case 0x0D: writeStaticString("\\r")
        case 0x09: writeStaticString("\\t")
        case 0..<0x20:
            writeStaticString(byte < 0x10 ? "\\u000" : "\\u00")
            writeString(String(byte, radix: 16))
        default: writeInteger(byte)
        }
    }

    /// Appends a whole value, members in their own order.
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

extension UInt8 {
    fileprivate var mustBeEscapedInJSON: Bool {
        self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
    }
}
