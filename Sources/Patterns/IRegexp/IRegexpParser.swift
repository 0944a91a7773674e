/// Parses a pattern by the grammar of RFC 9485, section 3.
struct IRegexpParser: PatternParser {
    let scalars: [Unicode.Scalar]
    var position = 0
    private var depth = 0

    /// The meaning of `.` (RFC 9485, section 5).
    private static let anythingInALine = ScalarClass(ranges: [0x0A...0x0A, 0x0D...0x0D], isNegated: true)

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parseBranch() throws(PatternError) -> PatternSyntax {
        var pieces: [PatternSyntax] = []
        while let next, next != "|", next != ")" {
            let piece = try parsePiece()
            if !piece.isNothing { pieces.append(piece) }
        }
        return .sequence(pieces)
    }

    private mutating func parsePiece() throws(PatternError) -> PatternSyntax {
        let atom = try parseAtom()
        if take("*") { return repeated(atom, minimum: 0, maximum: nil) }
        if take("+") { return repeated(atom, minimum: 1, maximum: nil) }
        if take("?") { return repeated(atom, minimum: 0, maximum: 1) }
        guard next == "{" else { return atom }
        return try parseCount(of: atom)
    }

    /// Parses `{n}`, `{n,}` or `{n,m}`.
    private mutating func parseCount(of atom: PatternSyntax) throws(PatternError) -> PatternSyntax {
        let start = position
        position += 1
        let minimum = try parseNumber()
        var maximum: Int? = minimum
        if take(",") { maximum = next == "}" ? nil : try parseNumber() }
        guard take("}") else { throw error("expected '}' after a count") }
        if let maximum, maximum < minimum {
            throw error("the smaller count must come first", from: start)
        }
        return repeated(atom, minimum: minimum, maximum: maximum)
    }

    /// A repeated empty pattern is empty.
    private func repeated(_ atom: PatternSyntax, minimum: Int, maximum: Int?) -> PatternSyntax {
        atom.isNothing || maximum == 0 ? .nothing : .repeated(atom, minimum: minimum, maximum: maximum)
    }

    private mutating func parseNumber() throws(PatternError) -> Int {
        let start = position
        var number = 0
        while let digit = next.flatMap({ "0"..."9" ~= $0 ? Int($0.value - 0x30) : nil }) {
            // A larger number exceeds every limit anyway.
            number = min(number * 10 + digit, 1 << 32)
            position += 1
        }
        guard position > start else {
            throw error("expected a count", hint: "write \\{ for the character itself")
        }
        return number
    }

    private mutating func parseAtom() throws(PatternError) -> PatternSyntax {
        switch next {
        case "(": return try parseGroup()
        case ".":
            position += 1
            return .characters(Self.anythingInALine)
        case "[": return try parseClass()
        case "\\": return .characters(try parseEscape())
        case "^":
            position += 1
            return .alternatives([.characters(ScalarClass("^")), .assertion(.textStart)])
        case "$":
            position += 1
            return .alternatives([.characters(ScalarClass("$")), .assertion(.textEnd)])
        case "*", "+", "?": throw error("there is nothing to repeat here", hint: escapeHint)
        case "{", "}", "]": throw error("this character must be escaped", hint: escapeHint)
        case let scalar?:
            position += 1
            return .characters(ScalarClass(scalar))
        case nil: throw error("unexpected end of the pattern")
        }
    }

    private mutating func parseGroup() throws(PatternError) -> PatternSyntax {
        let start = position
        position += 1
        if next == "?" {
            throw error("group options are not supported", hint: "I-Regexp (RFC 9485) has only plain groups")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw error("groups are nested more than \(Self.maximumDepth) levels deep", code: .tooLarge)
        }
        let group = try parseAlternatives()
        guard take(")") else { throw error("this group is not closed", at: start) }
        return group
    }
}
