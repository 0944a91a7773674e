import Scenario

extension Request {
    /// The request as HTTP/1.1 sends it (RFC 9112), head and body.
    /// - Throws: why it cannot be sent, in words.
    func bytes(to target: LoadTarget) throws(UnsendableRequest) -> [UInt8] {
        guard let path = target.path(of: self.target) else {
            throw UnsendableRequest("load goes to \(target.url) only, and this request to \(self.target)")
        }
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw UnsendableRequest("a URL has no spaces or control characters: \(path.debugDescription)")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenCharacter) else {
            throw UnsendableRequest("\(method.debugDescription) is no method")
        }
        var head = "\(method) \(path) HTTP/1.1\r\n"
        var fields = headers.filter { $0.name.lowercased() != "cookie" }
        if headers.values(of: "Host").isEmpty { head += "Host: \(target.authority)\r\n" }
        if let authorization = target.authorization, headers.values(of: "Authorization").isEmpty {
            head += "Authorization: \(authorization)\r\n"
        }
        let cookies = headers.values(of: "Cookie")
        if !cookies.isEmpty { fields.append(Header("Cookie", cookies.joined(separator: "; "))) }
        for header in fields {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(\.isTokenCharacter),
                !header.value.utf8.contains(where: { $0 == .carriageReturn || $0 == .lineFeed || $0 == 0 })
            else { throw UnsendableRequest("the header \(header.name.debugDescription) cannot be sent") }
            head += "\(header.name): \(header.value)\r\n"
        }
        let mayHaveBody = ["POST", "PUT", "PATCH"].contains(method)
        let framing = ["Content-Length", "Transfer-Encoding"]
        if body != nil || mayHaveBody, framing.allSatisfy({ headers.values(of: $0).isEmpty }) {
            head += "Content-Length: \(body?.count ?? 0)\r\n"
        }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }
}

extension Request {
    /// RFC 9110 section 9.2.2.
    static func isIdempotent(_ method: String) -> Bool {
        ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
    }
}

/// Why a request cannot be sent.
struct UnsendableRequest: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
