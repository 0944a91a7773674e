extension RegularExpressionParser {
    mutating func parseEscape() throws(PatternError) -> PatternSyntax {
        let start = position
        if let assertion = peek(1).flatMap({ Self.assertions[$0] }) {
            position += 2
            return .assertion(assertion)
        }
        switch peek(1) {
        case "R":
            position += 2
            let pair = PatternSyntax.sequence([.characters(ScalarClass("\r")), .characters(ScalarClass("\n"))])
            return .alternatives([pair, .characters(.lineBreak)])
        case "N" where peek(2) != "{":
            position += 2
            return .characters(ScalarClass.lineBreak.negated)
        case let digit? where "1"..."9" ~= digit || digit == "k" || digit == "g":
            position += 2
            throw error(
                "back-references are not supported", from: start,
                hint: "they would make matching take more than linear time")
        default: break
        }
        if let set = try parseKnownClass() { return .characters(set) }
        return .characters(ScalarClass(try parseCharacterEscape(), ignoresCase: options.ignoresCase))
    }

    private static let assertions: [Unicode.Scalar: PatternAssertion] = [
        "A": .textStart, "z": .textEnd, "Z": .lastLineEnd, "b": .wordBoundary, "B": .noWordBoundary,
    ]

    /// Parses `\d` and similar, or `\p{…}`. Nil for any other escape.
    mutating func parseKnownClass() throws(PatternError) -> ScalarClass? {
        let set: ScalarClass
        switch peek(1) {
        case "d": set = .digit
        case "D": set = ScalarClass.digit.negated
        case "w": set = .word
        case "W": set = ScalarClass.word.negated
        case "s": set = .space
        case "S": set = ScalarClass.space.negated
        case "h": set = .blank
        case "H": set = ScalarClass.blank.negated
        case "v": set = .lineBreak
        case "V": set = ScalarClass.lineBreak.negated
        case "p", "P": return try parseCategory()
        default: return nil
        }
        position += 2
        return set
    }

    /// Parses `\p{Lu}` or `\pL`, or `\P{…}` and `\p{^…}` for the complement.
    private mutating func parseCategory() throws(PatternError) -> ScalarClass {
        let start = position
        var isNegated = peek(1) == "P"
        position += 2
        var name = ""
        if take("{") {
            if take("^") { isNegated.toggle() }
            while let letter = next, letter != "}" {
                name.unicodeScalars.append(letter)
                position += 1
            }
            guard take("}") else { throw error("expected '}' after a category", from: start) }
        } else if let letter = next {
            name.unicodeScalars.append(letter)
            position += 1
        }
        guard let categories = GeneralCategories(named: name) else {
            throw error(
                "unknown category", from: start, hint: "write a category as \\p{L}, \\p{Lu} or \\p{Nd}")
        }
        return ScalarClass(categories: categories, isNegated: isNegated)
    }

    /// Parses an escape for a single character.
    mutating func parseCharacterEscape() throws(PatternError) -> Unicode.Scalar {
        let start = position
        guard let scalar = peek(1) else {
            throw error("the pattern ends in a backslash", hint: "write \\\\ for the character itself")
        }
        position += 2
        switch scalar {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{C}"
        case "a": return "\u{7}"
        case "e": return "\u{1B}"
        case "0": return "\0"
        case "x": return try parseCode(digits: 2, from: start)
        case "u": return try parseCode(digits: 4, from: start)
        case "a"..."z", "A"..."Z", "1"..."9": throw error("unknown escape sequence", from: start)
        default: return scalar
        }
    }

    /// Parses a fixed number of hexadecimal digits, or any number in braces.
    private mutating func parseCode(digits: Int, from start: Int) throws(PatternError) -> Unicode.Scalar {
        let isBraced = take("{")
        var text = ""
        let limit = isBraced ? 8 : digits
        while let digit = next, digit.properties.isASCIIHexDigit, text.utf8.count < limit {
            text.unicodeScalars.append(digit)
            position += 1
        }
        let isComplete = isBraced ? take("}") && !text.isEmpty : text.utf8.count == digits
        guard isComplete, let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init) else {
            throw error("this is not a valid character code", from: start, hint: "write \\x41, \\u0041 or \\x{1F600}")
        }
        return scalar
    }
}
