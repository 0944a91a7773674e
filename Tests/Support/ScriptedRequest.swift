/// A request as received by a scripted server.
package struct ScriptedRequest: Sendable {
    package let method: String
    package let target: String
    /// Keyed by lower-case name.
    package let headers: [String: String]
    /// As sent over the wire, including chunk sizes.
    package let body: [UInt8]
    /// Head and body.
    package let text: String
}

extension ScriptedRequest {
    /// Nil until the request is complete. Pipelining is not supported.
    init?(_ bytes: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        guard let split = bytes.firstRange(of: end) else { return nil }
        let lines = String(decoding: bytes[..<split.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers[line[..<colon].lowercased()] = String(value)
        }
        let body = bytes[split.upperBound...]
        if headers["transfer-encoding"]?.lowercased() == "chunked" {
            let last = Array("0\r\n\r\n".utf8)
            guard body.suffix(last.count).elementsEqual(last) else { return nil }
        } else {
            guard body.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
        }
        method = String(words[0])
        target = String(words[1])
        self.headers = headers
        self.body = Array(body)
        text = String(decoding: bytes, as: UTF8.self)
    }
}

package struct ScriptedAnswer: Sendable {
    package var status: Int
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(_ status: Int, _ headers: [(String, String)] = [], body: String = "") {
        self.init(status, headers, bytes: Array(body.utf8))
    }

    package init(_ status: Int, _ headers: [(String, String)] = [], bytes: [UInt8]) {
        self.status = status
        self.headers = headers
        body = bytes
    }

    package static func json(_ text: String, status: Int = 200) -> ScriptedAnswer {
        ScriptedAnswer(status, [("Content-Type", "application/json")], body: text)
    }

    /// The response as sent over the wire.
    package var bytes: [UInt8] {
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) X\r\n\(fields)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}
