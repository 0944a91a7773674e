/// Parses a pattern scalar by scalar. Each syntax has its own conforming type.
protocol PatternParser {
    var scalars: [Unicode.Scalar] { get }
    var position: Int { get set }

    /// Parses one alternative, up to the next bar or the end of the enclosing group.
    mutating func parseBranch() throws(PatternError) -> PatternSyntax
}

extension PatternParser {
    mutating func parse() throws(PatternError) -> PatternSyntax {
        let syntax = try parseAlternatives()
        guard position == scalars.count else {
            throw error("unmatched closing parenthesis", hint: "write \\) for the character itself")
        }
        return syntax
    }

    mutating func parseAlternatives() throws(PatternError) -> PatternSyntax {
        var branches = [try parseBranch()]
        while take("|") { branches.append(try parseBranch()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }
}

// Access to the scalars.
extension PatternParser {
    /// Maximum nesting of groups, so that no pattern exhausts the stack.
    static var maximumDepth: Int { 200 }

    var next: Unicode.Scalar? { peek(0) }

    func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    var escapeHint: String? { next.map { "write \\\($0) for the character itself" } }

    func offset(of position: Int) -> Int {
        scalars[..<min(position, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
    }

    func error(
        _ message: String, at place: Int? = nil, hint: String? = nil, code: PatternError.Code = .syntax
    ) -> PatternError {
        let place = place ?? position
        return PatternError(message, range: offset(of: place)..<offset(of: place + 1), hint: hint, code: code)
    }

    func error(_ message: String, from start: Int, hint: String? = nil) -> PatternError {
        PatternError(message, range: offset(of: start)..<offset(of: position), hint: hint)
    }
}
