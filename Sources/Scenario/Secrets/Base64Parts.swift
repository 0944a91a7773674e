/// Finds a secret within the base64 of a longer text.
///
/// Base64 encodes three bytes as four characters, so the encoding of the secret depends on how many bytes precede it,
/// modulo three. The characters whose bits come only from the secret are the same whatever surrounds it.
enum Base64Parts {
    /// A shorter part would occur in other texts by chance.
    private static let leastCharacters = 3

    /// One pattern for each alignment of the secret, in base64 and base64url.
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

    /// Whether a byte is a base64 or base64url digit. Padding is not.
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
