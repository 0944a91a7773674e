extension RegularExpressionParser {
    private enum Member {
        case character(Unicode.Scalar)
        case set(ScalarClass)
    }

    /// Parses `[…]` or `[^…]`. A leading `]` is literal, and so is a hyphen that forms no range.
    mutating func parseClass() throws(PatternError) -> ScalarClass {
        let start = position
        position += 1
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var sets: [ScalarClass] = []
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            let place = position
            switch try parseMember() {
            case .set(let set): sets.append(set)
            case .character(let first):
                guard next == "-", let end = peek(1), end != "]" else {
                    ranges.append(first.value...first.value)
                    continue
                }
                position += 1
                guard case .character(let last) = try parseMember() else {
                    throw error("a range must end in a character", from: place, hint: "write \\- for a hyphen")
                }
                guard first <= last else { throw error("this range runs backwards", from: place) }
                ranges.append(first.value...last.value)
            }
        }
        guard take("]") else { throw error("this class is not closed", at: start) }
        return ScalarClass(ranges: ranges, members: sets, isNegated: isNegated, ignoresCase: options.ignoresCase)
    }

    private mutating func parseMember() throws(PatternError) -> Member {
        guard let scalar = next else { throw error("this class is not closed") }
        if scalar == "[", peek(1) == ":", let set = try parseNamedClass() { return .set(set) }
        guard scalar == "\\" else {
            position += 1
            return .character(scalar)
        }
        if peek(1) == "b" {
            position += 2
            return .character("\u{8}")
        }
        if let set = try parseKnownClass() { return .set(set) }
        return .character(try parseCharacterEscape())
    }

    /// Parses `[:alpha:]` and similar, or `[:^alpha:]` for the complement. Nil if there is no closing `:]`.
    private mutating func parseNamedClass() throws(PatternError) -> ScalarClass? {
        let start = position
        var end = position + 2
        while end < scalars.count, scalars[end] == "^" || ScalarClass.word.contains(scalars[end]) { end += 1 }
        guard end + 1 < scalars.count, scalars[end] == ":", scalars[end + 1] == "]" else { return nil }
        var name = String(String.UnicodeScalarView(scalars[(position + 2)..<end]))
        position = end + 2
        let isNegated = name.first == "^"
        if isNegated { name.removeFirst() }
        guard let set = Self.named[name] else {
            let names = Self.named.keys.sorted().joined(separator: ", ")
            throw error("unknown class", from: start, hint: "the classes are \(names)")
        }
        return isNegated ? set.negated : set
    }

    private static let visible = ScalarClass(categories: .named("Z", "C"), isNegated: true)

    private static let named: [String: ScalarClass] = [
        "alpha": ScalarClass(categories: .named("L", "Nl")), "digit": .digit,
        "alnum": ScalarClass(categories: .named("L", "Nl", "Nd")), "upper": ScalarClass(categories: .named("Lu")),
        "lower": ScalarClass(categories: .named("Ll")), "space": .space, "blank": .blank, "word": .word,
        "punct": ScalarClass(ranges: [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E], categories: .named("P")),
        "cntrl": ScalarClass(categories: .named("Cc")),
        "xdigit": ScalarClass(ranges: [0x30...0x39, 0x41...0x46, 0x61...0x66]),
        "graph": visible, "print": ScalarClass(categories: .named("Zs"), members: [visible]),
        "ascii": ScalarClass(ranges: [0...0x7F]),
    ]
}
