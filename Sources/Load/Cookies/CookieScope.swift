/// The destination of a request, as far as cookies depend on it.
package struct CookieScope: Equatable, Sendable {
    /// In lower case, without the port.
    let host: [UInt8]
    /// Without the query.
    let path: [UInt8]
    /// Whether the request cannot be intercepted: it uses TLS or stays on this machine.
    let isSecure: Bool

    /// - Parameter request: the request as sent, or at least its first two lines, the second of which is `Host`.
    package init(of request: some RandomAccessCollection<UInt8>, overTLS: Bool) {
        let lines = request.prefix(while: { $0 != .lineFeed }).split(separator: .space)
        let target = lines.count > 1 ? Array(lines[1].prefix { $0 != UInt8(ascii: "?") }) : []
        path = target.first == UInt8(ascii: "/") ? target : [UInt8(ascii: "/")]
        let second = request.drop { $0 != .lineFeed }.dropFirst().prefix { $0 != .lineFeed }
        let host = Self.name(Array(second.drop { $0 != .colon }.dropFirst())[...].trimmed)
        isSecure = overTLS || ["localhost", "127.0.0.1", "::1"].contains { host.elementsEqual($0.utf8) }
        self.host = host
    }

    private static func name(_ authority: ArraySlice<UInt8>) -> [UInt8] {
        if authority.first == UInt8(ascii: "[") {
            return authority.dropFirst().prefix { $0 != UInt8(ascii: "]") }.map(\.asciiLowercased)
        }
        return authority.prefix { $0 != .colon }.map(\.asciiLowercased)
    }

    /// Whether the host is an IP address.
    var isAddress: Bool {
        host.contains(.colon) || host.allSatisfy { $0.decimalDigit != nil || $0 == UInt8(ascii: ".") }
    }

    /// The default path of a cookie set here: up to and including the last slash.
    var directory: [UInt8] {
        let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return Array(path[...slash])
    }

    /// Normalises a cookie's path: no quotes and no trailing slash. Anything that is not a path becomes `/`.
    static func directory(_ text: [UInt8]) -> [UInt8] {
        let (quote, slash) = (UInt8(ascii: "\""), UInt8(ascii: "/"))
        var path = text.first == quote ? text.dropFirst() : text[...]
        if path.last == quote { path.removeLast() }
        guard path.first == slash else { return [slash] }
        if path.count > 1, path.last == slash { path.removeLast() }
        return Array(path)
    }

    /// Whether the request's path equals `directory` or lies below it (RFC 6265 section 5.1.4).
    func isBelow(_ directory: [UInt8]) -> Bool {
        guard directory.count > 1 else { return true }
        guard path.starts(with: directory) else { return false }
        return path.count == directory.count || path[directory.count] == UInt8(ascii: "/")
    }
}
