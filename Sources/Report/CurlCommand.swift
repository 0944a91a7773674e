import Scenario
import ScenarioRunner

/// A request as a command that can be pasted into a shell.
package enum CurlCommand {
    package static func render(_ exchange: Exchange) -> String {
        let request = exchange.request
        var words = ["curl", "-sS"]
        if request.method == "HEAD" {
            words.append("--head")
        } else {
            words.append("-i")
            let implied = request.body == nil ? "GET" : "POST"
            if request.method != implied { words += ["-X", quote(request.method)] }
        }
        for header in request.headers {
            words += ["-H", quote(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")]
        }
        if let body = request.body { words += ["--data-raw", quote(body)] }
        words.append(quote(exchange.url))
        return words.joined(separator: " ")
    }

    static func quote(_ text: String) -> String { quote(Array(text.utf8)) }

    /// One word of a POSIX shell; what is not printable is written as bash's `$'…'` has it.
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
