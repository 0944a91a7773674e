/// What the base64 of a longer text shows of a secret within it.
///
/// Base64 writes three bytes as four characters, so there are three ways in which a text may be cut into them, by the
/// number of bytes before it. The characters whose bits are the secret's alone are the same whatever stands around it.
enum Base64Parts {
    /// A shorter part stands in other texts by chance.
    private static let leastCharacters = 3

    /// One pattern for each number of bytes that may be before the secret, in base64 and base64url.
    static func patterns(of secret: [UInt8]) -> [SecretPattern] {
        (0..<3).flatMap { bytesBefore -> [SecretPattern] in
            let padded = [UInt8](repeating: 0, count: bytesBefore) + secret
            let (firstBit, endBit) = (8 * bytesBefore, 8 * padded.count)
            let own = (firstBit + 5) / 6..<endBit / 6
            guard own.count >= leastCharacters else { return [] }
            return [Encoding.base64(padded), Encoding.base64url(padded)].compactMap { text in
                SecretPattern(
                    String(decoding: Array(text.utf8)[own], as: UTF8.self), reachesBefore: firstBit % 6 != 0,
                    reachesAfter: endBit % 6 != 0)
            }
        }
    }

    /// Whether a byte is one of the characters of base64 or base64url, padding apart.
    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
