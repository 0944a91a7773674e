/// A secret to find in bytes, however it is encoded there: with backslashes, as in JSON and in JSON within JSON;
/// percent-encoded, as in URLs; or with entities, as in HTML.
///
/// Text is decoded as it is compared, so no list of encoded forms is needed and each character may be encoded
/// differently. Under load every virtual user has a few patterns, so a pattern stores only its bytes.
struct SecretPattern: Hashable, Sendable {
    /// A character and the backslashes before it. They are compared together because every level of JSON doubles the
    /// backslashes.
    struct Unit: Hashable, Sendable {
        var backslashes: Int
        /// Nil for backslashes at the end of the text.
        var scalar: Unicode.Scalar?
    }

    /// UTF-8, never empty.
    let bytes: [UInt8]
    /// Whether the base64 characters before and after also hold some of the secret's bits.
    private let reachesBefore: Bool
    private let reachesAfter: Bool
    let isShort: Bool

    /// Nil for the empty text, which would match everywhere.
    init?(_ text: String, reachesBefore: Bool = false, reachesAfter: Bool = false) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
        self.reachesBefore = reachesBefore
        self.reachesAfter = reachesAfter
        isShort = text.unicodeScalars.count < Secrets.leastInWording
    }

    /// The first unit that must match.
    var firstUnit: Unit {
        var offset = 0
        return unit(at: &offset)
    }

    /// The range of the secret if it starts at a position, otherwise nil.
    func range(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
        guard let end = end(in: text, from: start) else { return nil }
        let isBefore = reachesBefore && start > 0 && Base64Parts.isDigit(text[start - 1])
        let isAfter = reachesAfter && end < text.count && Base64Parts.isDigit(text[end])
        return (isBefore ? start - 1 : start)..<(isAfter ? end + 1 : end)
    }

    /// Follows all possible ends together, in order of preference. Recursion would be as deep as the secret is long,
    /// and a server decides that length.
    private func end(in text: Span<UInt8>, from start: Int) -> Int? {
        var (place, offset) = (start, 0)
        while offset < bytes.count {
            let first = offset
            let unit = unit(at: &offset)
            if unit.scalar == "%" || unit.scalar == "&" { return end(in: text, from: place, offset: first) }
            guard let next = EncodedText.end(of: unit, in: text, at: place) else { return nil }
            place = next
        }
        return place
    }

    /// The same from a `%` or `&` on, after which several ends are possible.
    ///
    /// - Parameter offset: the first byte of the pattern that has not been matched yet.
    private func end(in text: Span<UInt8>, from start: Int, offset: Int) -> Int? {
        var (places, offset) = ([start], offset)
        while offset < bytes.count, !places.isEmpty {
            let unit = unit(at: &offset)
            if places.count == 1, unit.scalar != "%", unit.scalar != "&" {
                guard let end = EncodedText.end(of: unit, in: text, at: places[0]) else { return nil }
                places[0] = end
            } else {
                places = ends(of: unit, in: text, at: places)
            }
        }
        return places.first
    }

    /// The distinct ends of a unit that starts at any of several positions.
    private func ends(of unit: Unit, in text: Span<UInt8>, at places: [Int]) -> [Int] {
        var ends: [Int] = []
        var known: Set<Int> = []
        for place in places {
            let found =
                switch unit.scalar {
                // Both start encodings, but may also be literal.
                case let scalar? where scalar == "%" || scalar == "&":
                    EncodedText.ends(of: unit, scalar, in: text, at: place)
                default: EncodedText.end(of: unit, in: text, at: place).map { [$0] } ?? []
                }
            for end in found where known.insert(end).inserted { ends.append(end) }
        }
        return ends
    }

    /// Reads the unit at an offset and advances past it.
    private func unit(at offset: inout Int) -> Unit {
        var backslashes = 0
        while offset < bytes.count, bytes[offset] == UInt8(ascii: "\\") {
            backslashes += 1
            offset += 1
        }
        guard offset < bytes.count else { return Unit(backslashes: backslashes, scalar: nil) }
        let first = bytes[offset]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let end = min(offset + length, bytes.count)
        // The bytes are well-formed UTF-8, so all of these bits exist.
        var value = length == 1 ? UInt32(first) : UInt32(first) & (0xFF >> UInt32(length + 1))
        for byte in bytes[(offset + 1)..<end] { value = value << 6 | UInt32(byte & 0x3F) }
        offset = end
        return Unit(backslashes: backslashes, scalar: Unicode.Scalar(value))
    }
}
