/// Parses a pattern in PCRE syntax.
struct RegularExpressionParser: PatternParser {
    /// The options that `(?imsx)` sets, up to the end of the enclosing group.
    struct Options {
        var ignoresCase = false
        /// `^` and `$` also match at the start and end of a line.
        var isMultiline = false
        /// `.` matches anything, line endings included.
        var dotTakesLineBreaks = false
        /// Whitespace and comments are ignored.
        var isSpaced = false
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    var options = Options()
    var depth = 0
    /// Nesting depth of lookarounds, within which groups do not capture.
    var lookDepth = 0
    var hasGroup = false

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parseBranch() throws(PatternError) -> PatternSyntax {
        var pieces: [PatternSyntax] = []
        skipBlanks()
        while let next, next != "|", next != ")" {
            pieces.append(try parsePiece())
            skipBlanks()
        }
        return .sequence(pieces.filter { !$0.isNothing })
    }

    private mutating func parsePiece() throws(PatternError) -> PatternSyntax {
        let start = position
        guard let atom = try parseAtom() else { return .nothing }
        skipBlanks()
        let quantifier = position
        guard let (minimum, maximum) = try parseQuantifier() else { return atom }
        switch atom {
        case .assertion, .look: throw error("this matches no characters and cannot be repeated", from: start)
        default: break
        }
        let isLazy = take("?")
        if next == "+" {
            position += 1
            throw error(
                "possessive quantifiers are not supported", from: quantifier,
                hint: "remove the last +; matching takes linear time anyway")
        }
        if let last = next, "*+?".unicodeScalars.contains(last) {
            throw error("there is already a quantifier here", hint: escapeHint)
        }
        if atom.isNothing || maximum == 0 { return .nothing }
        return .repeated(atom, minimum: minimum, maximum: maximum, isLazy: isLazy)
    }

    private mutating func parseQuantifier() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        return try parseCount()
    }

    /// Parses `{n}`, `{n,}`, `{,m}` or `{n,m}`. Any other brace is a literal character.
    private mutating func parseCount() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
        let start = position
        guard take("{") else { return nil }
        let minimum = takeNumber()
        let hasComma = take(",")
        let maximum = hasComma ? takeNumber() : minimum
        guard take("}"), minimum != nil || maximum != nil else {
            position = start
            return nil
        }
        if let minimum, let maximum, maximum < minimum { throw error("the smaller count must come first", from: start) }
        return (minimum ?? 0, maximum)
    }

    private mutating func takeNumber() -> Int? {
        var number: Int?
        while let digit = next.flatMap({ "0"..."9" ~= $0 ? Int($0.value - 0x30) : nil }) {
            // A larger number exceeds every limit anyway.
            number = min((number ?? 0) * 10 + digit, 1 << 32)
            position += 1
        }
        return number
    }

    /// Nil for a comment or a switch, which match no text.
    private mutating func parseAtom() throws(PatternError) -> PatternSyntax? {
        guard let scalar = next else { throw error("unexpected end of the pattern") }
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .characters(try parseClass())
        case "\\": return try parseEscape()
        case "*", "+", "?": throw error("there is nothing to repeat here", hint: escapeHint)
        case "{":
            let start = position
            if try parseCount() != nil {
                throw error("there is nothing to repeat here", from: start, hint: "write \\{ for the character itself")
            }
        default: break
        }
        position += 1
        switch scalar {
        case ".": return .characters(options.dotTakesLineBreaks ? .anything : ScalarClass.lineBreak.negated)
        case "^": return .assertion(options.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(options.isMultiline ? .lineEnd : .textEnd)
        default: return .characters(ScalarClass(scalar, ignoresCase: options.ignoresCase))
        }
    }

    private mutating func skipBlanks() {
        while options.isSpaced, let scalar = next, ScalarClass.space.contains(scalar) || scalar == "#" {
            position += 1
            guard scalar == "#" else { continue }
            while let scalar = next, !ScalarClass.lineBreak.contains(scalar) { position += 1 }
        }
    }
}
