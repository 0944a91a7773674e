import Scenario

extension CurlCommand {
    static func quote(_ text: String) -> String { quote(Array(text.utf8)) }

    /// Quotes one word for a POSIX shell. Non-printable bytes use bash's `$'…'` syntax.
    static func quote(_ bytes: [UInt8]) -> String {
        let isPlain: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._/:=@%+,".utf8.contains(byte)
            }
        }
        if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
        if bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), String(validating: bytes, as: UTF8.self) != nil {
            return "'" + String(decoding: bytes, as: UTF8.self).replacing("'", with: "'\\''") + "'"
        }
        let escaped = bytes.map { byte -> String in
            switch byte {
            case UInt8(ascii: "'"): "\\'"
            case UInt8(ascii: "\\"): "\\\\"
            case 0x0A: "\\n"
            case 0x20..<0x7F: String(UnicodeScalar(byte))
            default: "\\x\(Encoding.hexadecimal([byte]))"
            }
        }
        return "$'\(escaped.joined())'"
    }
}
