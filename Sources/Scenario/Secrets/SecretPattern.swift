/// A secret as it is looked for in bytes: in whichever way it is written there, with backslashes as in JSON and in JSON
/// within JSON, in per cent as in URLs, or with entities as in HTML.
///
/// What stands there is decoded as it is compared, so no list of forms is needed, and each character may be written in
/// its own way.
struct SecretPattern: Hashable, Sendable {
    /// A character and the backslashes before it, which are compared together: every level of JSON doubles them.
    struct Unit: Hashable, Sendable {
        var backslashes: Int
        /// Nil after the last backslashes of a text.
        var scalar: Unicode.Scalar?
    }

    private let units: [Unit]
    private let firstByte: UInt8
    /// Whether the base64 character before or after holds some of the secret's bits, beside those of other bytes.
    private let reachesBefore: Bool
    private let reachesAfter: Bool
    let isShort: Bool

    /// Nil for the empty text, which is everywhere.
    init?(_ text: String, reachesBefore: Bool = false, reachesAfter: Bool = false) {
        guard let first = text.utf8.first else { return nil }
        var units: [Unit] = []
        var backslashes = 0
        for scalar in text.unicodeScalars {
            if scalar == "\\" {
                backslashes += 1
            } else {
                units.append(Unit(backslashes: backslashes, scalar: scalar))
                backslashes = 0
            }
        }
        if backslashes > 0 { units.append(Unit(backslashes: backslashes, scalar: nil)) }
        self.units = units
        firstByte = first
        self.reachesBefore = reachesBefore
        self.reachesAfter = reachesAfter
        isShort = text.unicodeScalars.count < Secrets.leastInWording
    }

    /// Whether a match may begin with a byte.
    func mayBegin(with byte: UInt8) -> Bool {
        switch byte {
        case firstByte, UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "&"): true
        case UInt8(ascii: "+"): firstByte == UInt8(ascii: " ")
        default: false
        }
    }

    /// Where the secret stands that begins at a place; nil where none does.
    func range(in bytes: Span<UInt8>, from start: Int) -> Range<Int>? {
        guard let end = end(in: bytes, from: start, unit: 0) else { return nil }
        let isBefore = reachesBefore && start > 0 && Base64Parts.isDigit(bytes[start - 1])
        let isAfter = reachesAfter && end < bytes.count && Base64Parts.isDigit(bytes[end])
        return (isBefore ? start - 1 : start)..<(isAfter ? end + 1 : end)
    }

    private func end(in bytes: Span<UInt8>, from start: Int, unit first: Int) -> Int? {
        var place = start
        for index in first..<units.count {
            guard let scalar = units[index].scalar, scalar == "%" || scalar == "&" else {
                guard let next = EncodedText.end(of: units[index], in: bytes, at: place) else { return nil }
                place = next
                continue
            }
            // Both begin what stands for something else, and may yet be themselves.
            for next in EncodedText.ends(of: units[index], scalar, in: bytes, at: place) {
                if let end = end(in: bytes, from: next, unit: index + 1) { return end }
            }
            return nil
        }
        return place
    }
}
