extension IRegexpParser {
    /// Parses `[…]` or `[^…]`. A hyphen at either end is literal; between two characters it forms a range.
    mutating func parseClass() throws(PatternError) -> PatternSyntax {
        let start = position
        position += 1
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var categories: GeneralCategories = []
        if take("-") { ranges.append(0x2D...0x2D) }
        while let scalar = next, scalar != "]" {
            if scalar == "-" {
                guard peek(1) == "]" else {
                    throw error("a hyphen must be escaped here", hint: "write \\-")
                }
                position += 1
                ranges.append(0x2D...0x2D)
            } else if scalar == "\\", peek(1) == "p" || peek(1) == "P" {
                categories.formUnion(try parseCategory())
            } else {
                ranges.append(try parseRange())
            }
        }
        guard take("]") else { throw error("this class is not closed", at: start) }
        guard !ranges.isEmpty || !categories.isEmpty else {
            throw error("this class is empty", from: start, hint: "write \\[ or \\] for the character itself")
        }
        return .characters(ScalarClass(ranges: ranges, categories: categories, isNegated: isNegated))
    }

    private mutating func parseRange() throws(PatternError) -> ClosedRange<UInt32> {
        let start = position
        let first = try parseClassCharacter()
        guard next == "-", peek(1) != "]", peek(1) != nil else { return first.value...first.value }
        position += 1
        let last = try parseClassCharacter()
        guard first <= last else { throw error("this range runs backwards", from: start) }
        return first.value...last.value
    }

    private mutating func parseClassCharacter() throws(PatternError) -> Unicode.Scalar {
        switch next {
        case "\\": return try parseEscapedCharacter()
        case "[", "-": throw error("this character must be escaped in a class", hint: escapeHint)
        case let scalar?:
            position += 1
            return scalar
        case nil: throw error("this class is not closed")
        }
    }

    mutating func parseEscape() throws(PatternError) -> ScalarClass {
        switch peek(1) {
        case "p", "P": ScalarClass(categories: try parseCategory())
        default: ScalarClass(try parseEscapedCharacter())
        }
    }

    private mutating func parseEscapedCharacter() throws(PatternError) -> Unicode.Scalar {
        let start = position
        let character: Unicode.Scalar
        switch peek(1) {
        case "n": character = "\n"
        case "r": character = "\r"
        case "t": character = "\t"
        case let scalar? where "()*+-.?[\\]^{|}".unicodeScalars.contains(scalar): character = scalar
        case "d": throw noEscape(instead: "[0-9] or \\p{Nd}")
        case "w": throw noEscape(instead: "[A-Za-z0-9_]")
        case "s": throw noEscape(instead: "[ \\t\\n\\r] or \\p{Z}")
        case "$"?, "/"?: throw noEscape(instead: "the character without the backslash")
        case .some: throw noEscape(instead: nil)
        case nil: throw error("the pattern ends in a backslash", hint: "write \\\\ for the character itself")
        }
        position = start + 2
        return character
    }

    private func noEscape(instead: String?) -> PatternError {
        let range = offset(of: position)..<offset(of: position + 2)
        return PatternError(
            "I-Regexp (RFC 9485) does not support this escape", range: range, hint: instead.map { "write \($0)" })
    }

    /// Parses `\p{…}`, or `\P{…}` for the complement.
    private mutating func parseCategory() throws(PatternError) -> GeneralCategories {
        let start = position
        let isNegated = peek(1) == "P"
        position += 2
        guard take("{") else { throw error("expected '{' and a category", from: start) }
        var name = ""
        while let letter = next, letter != "}", name.utf8.count < 2 {
            name.unicodeScalars.append(letter)
            position += 1
        }
        guard take("}"), let categories = GeneralCategories(named: name) else {
            throw error(
                "unknown category", from: start, hint: "write a category as \\p{L}, \\p{Lu} or \\p{Nd}")
        }
        return isNegated ? .all.subtracting(categories) : categories
    }
}
