/// Secrets indexed by their first bytes, so that each position in a text is compared with only a few of them.
struct SecretIndex: Sendable {
    private(set) var patterns: [SecretPattern] = []
    private var known: Set<SecretPattern> = []
    /// By their first four bytes, for text without encodings. The four are compared in one step.
    private var byPrefix: [UInt32: [Int32]] = [:]
    /// Secrets of fewer than four bytes, by their first.
    private var short: [UInt8: [Int32]] = [:]
    /// By the first unit that must match, for text that may be encoded.
    private var groups: [Group] = []
    private var groupNumbers: [SecretPattern.Unit: Int] = [:]
    /// For each byte, whether any secret may start with it. Most bytes of a body are skipped.
    private var begins: [Bool] = []

    private struct Group {
        let unit: SecretPattern.Unit
        let firstByte: UInt8
        var numbers: [Int32]
    }

    private static let prefixLength = 4

    var isEmpty: Bool { patterns.isEmpty }

    func contains(_ pattern: SecretPattern) -> Bool { known.contains(pattern) }

    mutating func insert(_ pattern: SecretPattern) {
        guard known.insert(pattern).inserted else { return }
        if begins.isEmpty {
            begins = (0...UInt8.max).map(Self.mayBeEncoded)
        }
        begins[Int(pattern.bytes[0])] = true
        let number = Int32(patterns.count)
        patterns.append(pattern)
        let unit = pattern.firstUnit
        if let group = groupNumbers[unit] {
            groups[group].numbers.append(number)
        } else {
            groupNumbers[unit] = groups.count
            groups.append(Group(unit: unit, firstByte: pattern.bytes[0], numbers: [number]))
        }
        if pattern.bytes.count < Self.prefixLength {
            short[pattern.bytes[0], default: []].append(number)
        } else {
            byPrefix[Self.prefix(of: pattern.bytes.span, at: 0), default: []].append(number)
        }
    }

    /// Widens a range to cover all secrets that start at a position.
    ///
    /// - Parameter isWording: whether the text is the program's own wording, in which short secrets are not masked.
    func widen(_ range: inout Range<Int>, at place: Int, in text: Span<UInt8>, isWording: Bool) {
        guard !isEmpty, begins[Int(text[place])] else { return }
        if Self.isPlain(text, at: place) {
            widen(&range, by: byPrefix[Self.prefix(of: text, at: place)], at: place, in: text, isWording)
            widen(&range, by: short[text[place]], at: place, in: text, isWording)
            return
        }
        let mayBeEncoded = Self.mayBeEncoded(text[place])
        for group in groups {
            let isCandidate =
                mayBeEncoded
                ? group.numbers.count == 1 || Self.matches(group.unit, in: text, at: place)
                : group.firstByte == text[place]
            if isCandidate { widen(&range, by: group.numbers, at: place, in: text, isWording) }
        }
    }

    private func widen(
        _ range: inout Range<Int>, by numbers: [Int32]?, at place: Int, in text: Span<UInt8>, _ isWording: Bool
    ) {
        for number in numbers ?? [] {
            let pattern = patterns[Int(number)]
            guard !isWording || !pattern.isShort, let found = pattern.range(in: text, from: place) else { continue }
            range = min(range.lowerBound, found.lowerBound)..<max(range.upperBound, found.upperBound)
        }
    }

    private static func matches(_ unit: SecretPattern.Unit, in text: Span<UInt8>, at place: Int) -> Bool {
        guard let scalar = unit.scalar, scalar == "%" || scalar == "&" else {
            return EncodedText.end(of: unit, in: text, at: place) != nil
        }
        return !EncodedText.ends(of: unit, scalar, in: text, at: place).isEmpty
    }

    /// Whether the next four bytes are free of encodings.
    private static func isPlain(_ text: Span<UInt8>, at place: Int) -> Bool {
        guard place + prefixLength <= text.count else { return false }
        for offset in 0..<prefixLength where mayBeEncoded(text[place + offset]) { return false }
        return true
    }

    /// Whether a byte may start an encoded character.
    private static func mayBeEncoded(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "+"): true
        default: false
        }
    }

    private static func prefix(of bytes: Span<UInt8>, at place: Int) -> UInt32 {
        var prefix: UInt32 = 0
        for offset in 0..<prefixLength { prefix = prefix << 8 | UInt32(bytes[place + offset]) }
        return prefix
    }
}
