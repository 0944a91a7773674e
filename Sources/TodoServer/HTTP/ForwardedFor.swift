/// Finds the client in `X-Forwarded-For`.
///
/// Each proxy appends the address of its peer, so only the right end of the list is reliable: the client controls
/// everything to the left of the rightmost untrusted address.
///
/// The list is parsed as bytes. As a `Character`, a comma can merge with the character before it, so a client could
/// hide the address that the proxy appended.
enum ForwardedFor {
    /// Maximum number of addresses examined. Each one is compared with every trusted block, and a head holds many.
    private static let maximumHops = 64

    /// The rightmost untrusted address, or the leftmost address if all are trusted.
    ///
    /// An invalid element ends the walk: the result is the trusted address to its right, and everything left of it is
    /// ignored.
    /// - Returns: nil if the rightmost element is invalid.
    static func client(of list: String.UTF8View, isTrusted: (IPAddress) -> Bool) -> IPAddress? {
        var rest = list[...]
        var nearest: IPAddress?
        for _ in 0..<maximumHops {
            let comma = rest.lastIndex(of: UInt8(ascii: ","))
            let element = comma.map { rest[rest.index(after: $0)...] } ?? rest
            guard let address = address(of: element) else { break }
            nearest = address
            guard let comma, isTrusted(address) else { break }
            rest = rest[..<comma]
        }
        return nearest
    }

    /// The address of an element, without the port that some proxies add: `192.0.2.1:80`, `[2001:db8::1]:80`.
    ///
    /// Zone ids, quotes and leading zeros are rejected, because parsers disagree about them.
    private static func address(of element: Substring.UTF8View) -> IPAddress? {
        let element = element.trimmingBlanks()
        guard let first = element.first else { return nil }
        if first == UInt8(ascii: "[") {
            guard let end = element.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let host = element[element.index(after: element.startIndex)..<end]
            let rest = element[element.index(after: end)...]
            guard host.contains(UInt8(ascii: ":")), rest.isEmpty || isPort(rest) else { return nil }
            return IPAddress(bytes: host)
        }
        guard let colon = element.firstIndex(of: UInt8(ascii: ":")) else { return IPAddress(bytes: element) }
        let rest = element[colon...]
        if rest.dropFirst().contains(UInt8(ascii: ":")) { return IPAddress(bytes: element) }
        return isPort(rest) ? IPAddress(bytes: element[..<colon]) : nil
    }

    /// Whether the bytes are a colon and a number up to 65535.
    private static func isPort(_ bytes: Substring.UTF8View) -> Bool {
        let digits = bytes.dropFirst()
        guard bytes.first == UInt8(ascii: ":"), (1...5).contains(digits.count) else { return false }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return false }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number <= 65_535
    }
}

extension Substring.UTF8View {
    /// The bytes without leading and trailing spaces and tabs.
    func trimmingBlanks() -> Self {
        var bytes = self
        while let first = bytes.first, first.isBlank { bytes = bytes.dropFirst() }
        while let last = bytes.last, last.isBlank { bytes = bytes.dropLast() }
        return bytes
    }
}

extension UInt8 {
    /// Whether this is optional whitespace in HTTP (RFC 9110 section 5.6.3).
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
