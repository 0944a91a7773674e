/// Why a text is not valid JSON, and the byte offset of the error.
package struct JSONError: Error, Equatable {
    package var offset: Int
    package var reason: String
}

/// A strict RFC 8259 parser with a bounded depth. Rejects unpaired surrogates.
package struct JSONReader {
    /// More than any request needs, and shallow enough for the smallest thread stack.
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Parses `bytes`, which must hold exactly one value.
    package static func value(of bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.readValue(depth: 0)
        reader.skipWhitespace()
        guard reader.position == bytes.count else { throw reader.error("Unexpected text after the value") }
        return value
    }

    private func error(_ reason: String) -> JSONError {
        JSONError(offset: position, reason: reason)
    }

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw error("Nested deeper than \(Self.maximumDepth) levels") }
        skipWhitespace()
        switch current {
        case UInt8(ascii: "{"): return .object(try readObject(depth: depth))
        case UInt8(ascii: "["): return .array(try readArray(depth: depth))
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try readLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try readLiteral("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || byte.isDigit: return .number(try readNumber())
        case nil: throw error("Expected a value, found the end")
        default: throw error("Expected a value")
        }
    }

    private mutating func readLiteral(_ literal: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<literal.utf8CodeUnitCount {
            guard take(literal.utf8Start[index]) else { throw error("Expected a value") }
        }
        return value
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> JSONObject {
        position += 1
        var object = JSONObject()
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw error("Expected a property name in double quotes") }
            let name = try readString()
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw error("Expected ':' after the property name") }
            object.members.append(.init(name: name, value: try readValue(depth: depth + 1)))
            skipWhitespace()
            if take(UInt8(ascii: "}")) { return object }
            guard take(UInt8(ascii: ",")) else { throw error("Expected ',' or '}'") }
        }
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try readValue(depth: depth + 1))
            skipWhitespace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw error("Expected ',' or ']'") }
        }
    }
}

// MARK: - Numbers

extension JSONReader {
    private mutating func readNumber() throws(JSONError) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try readDigits() }
        if take(UInt8(ascii: ".")) { try readDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try readDigits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func readDigits() throws(JSONError) {
        let start = position
        while let byte = current, byte.isDigit { position += 1 }
        guard position > start else { throw error("Expected a digit") }
    }
}

// MARK: - Strings

extension JSONReader {
    private mutating func readString() throws(JSONError) -> String {
        let opening = position
        position += 1
        var utf8: [UInt8] = []
        while true {
            let start = position
            while let byte = current, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                position += 1
            }
            utf8.append(contentsOf: bytes[start..<position])
            switch current {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: utf8, as: UTF8.self) else {
                    throw JSONError(offset: opening, reason: "Invalid UTF-8 in a string")
                }
                return string
            case UInt8(ascii: "\\"):
                try readEscape(into: &utf8)
            case nil:
                throw JSONError(offset: opening, reason: "Unterminated string")
            default:
                throw error("Unescaped control character in a string")
            }
        }
    }

    private mutating func readEscape(into utf8: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard let byte = current else { throw error("Unterminated escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(byte)
        case UInt8(ascii: "b"): utf8.append(0x08)
        case UInt8(ascii: "f"): utf8.append(0x0C)
        case UInt8(ascii: "n"): utf8.append(0x0A)
        case UInt8(ascii: "r"): utf8.append(0x0D)
        case UInt8(ascii: "t"): utf8.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try readHexadecimal())
            if 0xD800...0xDBFF ~= code, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = UInt32(try readHexadecimal())
                // Without a matching low surrogate, `code` stays a surrogate and is rejected below.
                if 0xDC00...0xDFFF ~= low { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw JSONError(offset: start, reason: "Unpaired surrogate in a string")
            }
            utf8.append(contentsOf: Unicode.UTF8.encode(scalar)!)
        default:
            throw JSONError(offset: start, reason: "Unknown escape in a string")
        }
    }

    private mutating func readHexadecimal() throws(JSONError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("Expected four hexadecimal digits")
            }
            code = code << 4 | UInt16(digit)
            position += 1
        }
        return code
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
