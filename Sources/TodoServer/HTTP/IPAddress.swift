import Glibc

/// An IPv6 address, or an IPv4 address as its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2).
package struct IPAddress: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init?(_ text: String) {
        self.init(bytes: text.utf8)
    }

    /// Parses an IPv4 or IPv6 address. Zone ids and leading zeros in IPv4 are invalid.
    package init?(bytes characters: some Collection<UInt8>) {
        // Checked before inet_pton, which would stop at a NUL.
        guard (2..<Int(INET6_ADDRSTRLEN)).contains(characters.count), characters.allSatisfy(\.isOfAddress) else {
            return nil
        }
        let text = characters.map { CChar(bitPattern: $0) } + [0]
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            high = 0
            low = Self.mappedPrefix | Self.number(bytes[..<4])
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            high = Self.number(bytes[..<8])
            low = Self.number(bytes[8...])
        } else {
            return nil
        }
    }

    private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
}

extension UInt8 {
    /// A hexadecimal digit, a dot or a colon.
    fileprivate var isOfAddress: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
package struct AddressBlock: Sendable, Equatable, CustomStringConvertible {
    package struct ParsingError: Error, CustomStringConvertible {
        package var text: String

        package var description: String {
            "'\(text)' is not a valid address: use one such as 127.0.0.1 or ::1, or a block such as 10.0.0.0/8, "
                + "and separate several with commas"
        }
    }

    /// The block as written.
    package let description: String
    private let first: IPAddress
    /// The prefix length, out of 128 bits.
    private let length: Int

    package init(parsing text: String) throws(ParsingError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let head = parts.first, let address = IPAddress(String(head)) else { throw ParsingError(text: text) }
        description = text
        first = address
        guard parts.count == 2 else {
            length = 128
            return
        }
        let digits = parts[1].utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let bits = address.isIPv4 && !head.contains(":") ? 32 : 128
        guard digits, let count = Int(parts[1]), count <= bits else { throw ParsingError(text: text) }
        length = 128 - bits + count
    }

    /// Parses several blocks, separated by commas.
    package static func list(parsing text: String) throws(ParsingError) -> [AddressBlock] {
        var blocks: [AddressBlock] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            blocks.append(try AddressBlock(parsing: String(part.trimmingSpaces())))
        }
        return blocks
    }

    package func contains(_ address: IPAddress) -> Bool {
        // A shift by 64 gives 0, so a half without prefix bits always matches.
        let highBits = min(length, 64)
        let lowBits = max(length - 64, 0)
        return (first.high ^ address.high) >> UInt64(64 - highBits) == 0
            && (first.low ^ address.low) >> UInt64(64 - lowBits) == 0
    }
}
