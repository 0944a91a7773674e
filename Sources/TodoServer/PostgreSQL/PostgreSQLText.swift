/// Escapes NULs in titles, which PostgreSQL's text cannot store: a NUL becomes `\0`, and a backslash `\\`.
enum PostgreSQLText {
    private static let backslash = UInt8(ascii: "\\")

    static func encode(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0 || $0 == backslash }) else { return text }
        return rewritten(text) { bytes, output in
            for byte in bytes {
                switch byte {
                case 0: output += [backslash, UInt8(ascii: "0")]
                case backslash: output += [backslash, backslash]
                default: output.append(byte)
                }
            }
        }
    }

    static func decode(_ text: String) -> String {
        guard text.utf8.contains(backslash) else { return text }
        return rewritten(text) { bytes, output in
            var bytes = bytes.makeIterator()
            while let byte = bytes.next() {
                guard byte == backslash, let escaped = bytes.next() else {
                    output.append(byte)
                    continue
                }
                output.append(escaped == UInt8(ascii: "0") ? 0 : escaped)
            }
        }
    }

    private static func rewritten(_ text: String, _ rewrite: (String.UTF8View, inout [UInt8]) -> Void) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 8)
        rewrite(text.utf8, &output)
        return String(decoding: output, as: UTF8.self)
    }
}
