/// Reads a pattern by the grammar of RFC 9485, section 3.
struct IRegexpParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    /// Groups within groups, so that no pattern exhausts the stack.
    private static let maximumDepth = 200

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parse() throws(IRegexpError) -> IRegexpSyntax {
        let syntax = try parseAlternatives()
        guard position == scalars.count else {
            throw error("this parenthesis closes nothing", hint: "write \\) for the character itself")
        }
        return syntax
    }

    private mutating func parseAlternatives() throws(IRegexpError) -> IRegexpSyntax {
        var branches = [try parseBranch()]
        while take("|") { branches.append(try parseBranch()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func parseBranch() throws(IRegexpError) -> IRegexpSyntax {
        var pieces: [IRegexpSyntax] = []
        while let next, next != "|", next != ")" {
            let piece = try parsePiece()
            if !piece.isNothing { pieces.append(piece) }
        }
        return .sequence(pieces)
    }

    private mutating func parsePiece() throws(IRegexpError) -> IRegexpSyntax {
        let atom = try parseAtom()
        if take("*") { return repeated(atom, minimum: 0, maximum: nil) }
        if take("+") { return repeated(atom, minimum: 1, maximum: nil) }
        if take("?") { return repeated(atom, minimum: 0, maximum: 1) }
        guard next == "{" else { return atom }
        return try parseCount(of: atom)
    }

    /// `{n}`, `{n,}` or `{n,m}`.
    private mutating func parseCount(of atom: IRegexpSyntax) throws(IRegexpError) -> IRegexpSyntax {
        let start = position
        position += 1
        let minimum = try parseNumber()
        var maximum: Int? = minimum
        if take(",") { maximum = next == "}" ? nil : try parseNumber() }
        guard take("}") else { throw error("expected '}' after a count") }
        if let maximum, maximum < minimum {
            throw error("the smaller count comes first", from: start)
        }
        return repeated(atom, minimum: minimum, maximum: maximum)
    }

    /// Nothing, however often, is nothing.
    private func repeated(_ atom: IRegexpSyntax, minimum: Int, maximum: Int?) -> IRegexpSyntax {
        atom.isNothing || maximum == 0 ? .sequence([]) : .repeated(atom, minimum: minimum, maximum: maximum)
    }

    private mutating func parseNumber() throws(IRegexpError) -> Int {
        let start = position
        var number = 0
        while let digit = next.flatMap({ "0"..."9" ~= $0 ? Int($0.value - 0x30) : nil }) {
            // A larger one is past every limit anyhow.
            number = min(number * 10 + digit, 1 << 32)
            position += 1
        }
        guard position > start else {
            throw error("expected a count", hint: "write \\{ for the character itself")
        }
        return number
    }

    private mutating func parseAtom() throws(IRegexpError) -> IRegexpSyntax {
        switch next {
        case "(": return try parseGroup()
        case ".":
            position += 1
            return .characters(.anythingInALine)
        case "[": return try parseClass()
        case "\\": return .characters(try parseEscape())
        case "^":
            position += 1
            return .alternatives([.characters(ScalarClass("^")), .start])
        case "$":
            position += 1
            return .alternatives([.characters(ScalarClass("$")), .end])
        case "*", "+", "?": throw error("there is nothing to repeat here", hint: escapeHint)
        case "{", "}", "]": throw error("this character must be escaped", hint: escapeHint)
        case let scalar?:
            position += 1
            return .characters(ScalarClass(scalar))
        case nil: throw error("the pattern ends here")
        }
    }

    private mutating func parseGroup() throws(IRegexpError) -> IRegexpSyntax {
        let start = position
        position += 1
        if next == "?" {
            throw error("groups have no options here", hint: "I-Regexp (RFC 9485) has plain groups only")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw error("groups are nested more than \(Self.maximumDepth) deep", code: .tooLarge)
        }
        let group = try parseAlternatives()
        guard take(")") else { throw error("this group is not closed", at: start) }
        return group
    }
}

extension IRegexpParser {
    /// `[…]`, `[^…]`: a hyphen stands for itself at either end, and for a range between two characters.
    private mutating func parseClass() throws(IRegexpError) -> IRegexpSyntax {
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

    private mutating func parseRange() throws(IRegexpError) -> ClosedRange<UInt32> {
        let start = position
        let first = try parseClassCharacter()
        guard next == "-", peek(1) != "]", peek(1) != nil else { return first.value...first.value }
        position += 1
        let last = try parseClassCharacter()
        guard first <= last else { throw error("this range runs backwards", from: start) }
        return first.value...last.value
    }

    private mutating func parseClassCharacter() throws(IRegexpError) -> Unicode.Scalar {
        switch next {
        case "\\": return try parseEscapedCharacter()
        case "[", "-": throw error("this character must be escaped in a class", hint: escapeHint)
        case let scalar?:
            position += 1
            return scalar
        case nil: throw error("this class is not closed")
        }
    }

    private mutating func parseEscape() throws(IRegexpError) -> ScalarClass {
        switch peek(1) {
        case "p", "P": ScalarClass(categories: try parseCategory())
        default: ScalarClass(try parseEscapedCharacter())
        }
    }

    private mutating func parseEscapedCharacter() throws(IRegexpError) -> Unicode.Scalar {
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

    private func noEscape(instead: String?) -> IRegexpError {
        let range = offset(of: position)..<offset(of: position + 2)
        return IRegexpError(
            "I-Regexp (RFC 9485) has no such escape", range: range, hint: instead.map { "write \($0)" })
    }

    /// `\p{…}`, or `\P{…}` for all other categories.
    private mutating func parseCategory() throws(IRegexpError) -> GeneralCategories {
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
                "there is no such category", from: start, hint: "categories are named as in \\p{L}, \\p{Lu} or \\p{Nd}")
        }
        return isNegated ? .all.subtracting(categories) : categories
    }
}

extension IRegexpParser {
    private var next: Unicode.Scalar? { peek(0) }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private var escapeHint: String? { next.map { "write \\\($0) for the character itself" } }

    private func offset(of position: Int) -> Int {
        scalars[..<min(position, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
    }

    private func error(
        _ message: String, at place: Int? = nil, hint: String? = nil, code: IRegexpError.Code = .syntax
    ) -> IRegexpError {
        let place = place ?? position
        return IRegexpError(message, range: offset(of: place)..<offset(of: place + 1), hint: hint, code: code)
    }

    private func error(_ message: String, from start: Int, hint: String? = nil) -> IRegexpError {
        IRegexpError(message, range: offset(of: start)..<offset(of: position), hint: hint)
    }
}
