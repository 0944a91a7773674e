/// A cookie that a server has set (RFC 6265), parsed by the rules of libcurl, which handles cookies in `gauntlet run`.
struct Cookie: Equatable, Sendable {
    let name: [UInt8]
    let value: [UInt8]
    /// In lower case.
    private(set) var domain: [UInt8]
    /// Whether it is also sent to hosts below the domain.
    private(set) var isForSubdomains = false
    private(set) var path: [UInt8]
    /// The length of the path as written, which decides the order in which cookies are sent.
    private(set) var pathLength: Int
    private(set) var isSecure = false
    /// Seconds since 1970-01-01T00:00:00Z; nil for a session cookie.
    private(set) var expiry: Double?

    private static let longestLine = 5000
    private static let longest = 4096

    /// - Parameters:
    ///   - field: the value of `Set-Cookie`.
    ///   - scope: of the request whose response set the cookie.
    ///   - now: seconds since 1970-01-01T00:00:00Z.
    /// - Returns: nil for a cookie that must be ignored.
    init?(_ field: ArraySlice<UInt8>, from scope: CookieScope, now: Double) {
        let parts = field.split(separator: UInt8(ascii: ";")).map(Attribute.init).drop(while: \.isEmpty)
        guard field.count <= Self.longestLine, let pair = parts.first, !pair.name.isEmpty, let value = pair.value,
            pair.name.count + value.count <= Self.longest, (pair.name + value).allSatisfy(\.mayBeInCookie)
        else { return nil }
        name = Array(pair.name)
        self.value = Array(value)
        domain = scope.host
        (path, pathLength) = (CookieScope.directory(scope.directory), scope.directory.count)
        var hasMaximumAge = false
        for attribute in parts.dropFirst() {
            guard let value = attribute.value, !value.isEmpty || attribute.isNamed("path") else {
                guard attribute.isNamed("secure") else { continue }
                guard scope.isSecure else { return nil }
                isSecure = true
                continue
            }
            if attribute.isNamed("path") {
                (path, pathLength) = (CookieScope.directory(Array(value)), value.count)
            } else if attribute.isNamed("domain") {
                guard take(domain: value, of: scope) else { return nil }
            } else if attribute.isNamed("max-age") {
                hasMaximumAge = true
                expiry = Self.expiry(maximumAge: value, now: now)
            } else if attribute.isNamed("expires"), !hasMaximumAge {
                expiry = CookieDate.seconds(value)
            }
        }
        guard keepsPromise else { return nil }
    }

    /// - Parameter line: a cookie in libcurl's notation, a line of a Netscape cookie file. Its fields are separated by
    ///   tabs: domain, whether for subdomains, path, whether secure, expiry, name, value.
    init?(netscape line: String) {
        let tab = UInt8(ascii: "\t")
        let fields = line.utf8.split(separator: tab, maxSplits: 6, omittingEmptySubsequences: false).map(Array.init)
        guard fields.count == 7, let time = Double(String(decoding: fields[4], as: UTF8.self)) else { return nil }
        let (mark, isTrue) = (Array("#HttpOnly_".utf8), Array("TRUE".utf8))
        let domain = fields[0].starts(with: mark) ? fields[0].dropFirst(mark.count) : fields[0][...]
        self.domain = domain.drop { $0 == UInt8(ascii: ".") }.map(\.asciiLowercased)
        isForSubdomains = fields[1] == isTrue
        (path, pathLength) = (CookieScope.directory(fields[2]), fields[2].count)
        isSecure = fields[3] == isTrue
        expiry = time > 0 ? time : nil
        (name, value) = (fields[5], fields[6])
    }

    /// Accepts the host itself or a parent domain of it. An IP address has no parent domain.
    private mutating func take(domain text: ArraySlice<UInt8>, of scope: CookieScope) -> Bool {
        let text = text.first == UInt8(ascii: ".") ? text.dropFirst() : text
        let domain = text.map(\.asciiLowercased)
        if scope.isAddress { return domain == scope.host }
        let dot = UInt8(ascii: ".")
        guard domain == scope.host || scope.host.hasSuffix([dot] + domain),
            domain.contains(dot) || domain == Array("localhost".utf8)
        else { return false }
        (self.domain, isForSubdomains) = (domain, true)
        return true
    }

    /// Zero, a negative value or text without a number expires the cookie immediately. A value too large for a date
    /// never expires it.
    private static func expiry(maximumAge text: ArraySlice<UInt8>, now: Double) -> Double? {
        let digits = text.first == UInt8(ascii: "\"") ? text.dropFirst() : text
        let sign = digits.first == UInt8(ascii: "-")
        let number = (sign ? digits.dropFirst() : digits).prefix { $0.decimalDigit != nil }
        guard !sign, let age = Double(String(decoding: number, as: UTF8.self)), age > 0 else { return 0 }
        return now.rounded(.down) + age
    }

    /// Whether the cookie meets the requirements of its name's prefix (RFC 6265bis section 4.1.3).
    private var keepsPromise: Bool {
        let start = String(decoding: name.prefix(9), as: UTF8.self).lowercased()
        if start.hasPrefix("__secure-") { return isSecure }
        if start.hasPrefix("__host-") { return isSecure && path == [UInt8(ascii: "/")] && !isForSubdomains }
        return true
    }

    /// Whether it replaces another cookie.
    func replaces(_ other: Cookie) -> Bool {
        name == other.name && domain == other.domain && isForSubdomains == other.isForSubdomains
            && path.map(\.asciiLowercased) == other.path.map(\.asciiLowercased)
    }

    func isExpired(at now: Double) -> Bool { expiry.map { $0 < now.rounded(.down) } ?? false }

    /// Whether it is sent with a request.
    func belongs(to scope: CookieScope) -> Bool {
        let isOfHost =
            domain == scope.host || isForSubdomains && scope.host.hasSuffix([UInt8(ascii: ".")] + domain)
        return isOfHost && (!isSecure || scope.isSecure) && scope.isBelow(path)
    }
}

/// `name=value`, or a name alone, without surrounding whitespace.
private struct Attribute {
    let name: ArraySlice<UInt8>
    let value: ArraySlice<UInt8>?

    init(_ text: ArraySlice<UInt8>) {
        let equals = text.firstIndex(of: UInt8(ascii: "="))
        name = text[..<(equals ?? text.endIndex)].trimmed
        value = equals.map { text[($0 + 1)...].trimmed }
    }

    var isEmpty: Bool { name.isEmpty && value == nil }

    func isNamed(_ other: StaticString) -> Bool {
        name.span.bytes.equalsIgnoringCase(0..<name.count, other)
    }
}

extension ArraySlice<UInt8> {
    /// Without surrounding whitespace and line ends.
    var trimmed: ArraySlice<UInt8> {
        let isFree: (UInt8) -> Bool = { $0.isBlank || $0 == .carriageReturn || $0 == .lineFeed }
        let rest = drop(while: isFree)
        return rest[..<(rest.lastIndex { !isFree($0) }.map { $0 + 1 } ?? rest.startIndex)]
    }
}

extension Array<UInt8> {
    func hasSuffix(_ other: [UInt8]) -> Bool { count >= other.count && suffix(other.count).elementsEqual(other) }
}

extension UInt8 {
    fileprivate var mayBeInCookie: Bool { self >= 0x20 && self != 0x7F }
}
