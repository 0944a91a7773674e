import Scenario

extension Request {
    /// The request as sent over HTTP/1.1 (RFC 9112), head and body, the same as libcurl sends it in `gauntlet run`.
    ///
    /// Framing fields in the scenario override the generated ones.
    /// - Throws: why it cannot be sent.
    func bytes(to target: LoadTarget) throws(UnsendableRequest) -> [UInt8] {
        let path = try target.path(of: self.target)
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw UnsendableRequest("the URL contains a space or control character: \(path.debugDescription)")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenCharacter) else {
            throw UnsendableRequest("\(method.debugDescription) is not a valid method")
        }
        var head = "\(method) \(path) HTTP/1.1\r\n"
        for field in try fields(to: target) { head += "\(field.name): \(field.value)\r\n" }
        return Array((head + "\r\n").utf8) + (isChunked ? chunkedBody : body ?? [])
    }

    private func fields(to target: LoadTarget) throws(UnsendableRequest) -> [Header] {
        // One line each: the first Host, and all cookies joined.
        var fields = [Header("Host", headers.values(of: "Host").first ?? target.authority)]
        if headers.values(of: "Authorization").isEmpty, let value = target.authorization(for: self.target) {
            fields.append(Header("Authorization", value))
        }
        fields += impliedHeaders
        fields += headers.filter { !["host", "cookie"].contains($0.name.lowercased()) }
        let cookies = headers.values(of: "Cookie")
        if !cookies.isEmpty { fields.append(Header("Cookie", cookies.joined(separator: "; "))) }
        for field in fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(\.isTokenCharacter),
                !field.value.utf8.contains(where: { $0 == .carriageReturn || $0 == .lineFeed || $0 == 0 })
            else { throw UnsendableRequest("the header \(field.name.debugDescription) has an invalid name or value") }
        }
        if hasBody, !isChunked, headers.values(of: "Content-Length").isEmpty {
            fields.append(Header("Content-Length", "\(body?.count ?? 0)"))
        }
        return fields
    }

    /// Whether the length of the body must be declared, even if it is empty.
    var hasBody: Bool { body != nil || ["POST", "PUT", "PATCH"].contains(method) }

    /// Whether the scenario requests a chunked body.
    var isChunked: Bool {
        hasBody && headers.values(of: "Transfer-Encoding").contains { $0.lowercased().contains("chunked") }
    }

    private var chunkedBody: [UInt8] {
        guard let body, !body.isEmpty else { return Array("0\r\n\r\n".utf8) }
        return Array("\(String(body.count, radix: 16))\r\n".utf8) + body + "\r\n0\r\n\r\n".utf8
    }

    /// Whether the method is idempotent (RFC 9110 section 9.2.2).
    static func isIdempotent(_ method: String) -> Bool {
        ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
    }
}

/// Why a request cannot be sent.
struct UnsendableRequest: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
