extension RegularExpressionParser {
    private enum Kind {
        case taking
        case plain
        case look(isBehind: Bool, isNegated: Bool)
    }

    /// Parses `(…)` and everything that starts with `(?`. Nil for a comment or a switch, which match no text.
    mutating func parseGroup() throws(PatternError) -> PatternSyntax? {
        let start = position
        position += 1
        let outer = options
        guard let kind = try parseKind(from: start) else { return nil }
        depth += 1
        defer {
            depth -= 1
            options = outer
        }
        guard depth <= Self.maximumDepth else {
            throw error("groups are nested more than \(Self.maximumDepth) levels deep", code: .tooLarge)
        }
        var isFirst = false
        if case .taking = kind, lookDepth == 0, !hasGroup {
            hasGroup = true
            isFirst = true
        }
        if case .look = kind { lookDepth += 1 }
        let body = try parseAlternatives()
        guard take(")") else { throw error("this group is not closed", at: start) }
        switch kind {
        case .look(let isBehind, let isNegated):
            lookDepth -= 1
            return .look(body, isBehind: isBehind, isNegated: isNegated)
        default: return isFirst ? .taken(body) : body
        }
    }

    private mutating func parseKind(from start: Int) throws(PatternError) -> Kind? {
        guard next == "?" else {
            guard take("*") else { return .taking }
            throw error("backtracking verbs are not supported", from: start, hint: "write \\( for the character itself")
        }
        position += 1
        for (sign, kind) in Self.signs where takeAll(sign) { return kind }
        if takeAll("#") {
            while let scalar = next, scalar != ")" { position += 1 }
            guard take(")") else { throw error("this comment is not closed", at: start) }
            return nil
        }
        for (sign, close) in [("P<", ">"), ("<", ">"), ("'", "'")] as [(String, Unicode.Scalar)] where takeAll(sign) {
            try parseName(until: close, from: start)
            return .taking
        }
        return try parseSwitches(from: start)
    }

    private static let signs: [(String, Kind)] = [
        (":", .plain), ("=", .look(isBehind: false, isNegated: false)), ("!", .look(isBehind: false, isNegated: true)),
        ("<=", .look(isBehind: true, isNegated: false)), ("<!", .look(isBehind: true, isNegated: true)),
    ]

    private mutating func takeAll(_ sign: String) -> Bool {
        let sign = Array(sign.unicodeScalars)
        guard scalars[position...].starts(with: sign) else { return false }
        position += sign.count
        return true
    }

    private mutating func parseName(until close: Unicode.Scalar, from start: Int) throws(PatternError) {
        let name = position
        while let scalar = next, ScalarClass.word.contains(scalar) { position += 1 }
        guard position > name, take(close) else {
            throw error(
                "this is not a valid group name", from: start, hint: "use letters, digits and _, as in (?<year>…)")
        }
    }

    /// Parses `(?i)`, which applies to the end of the enclosing group, or `(?i:…)`. A `-` switches options off.
    private mutating func parseSwitches(from start: Int) throws(PatternError) -> Kind? {
        var isOn = true
        while let letter = next, letter != ")", letter != ":" {
            position += 1
            switch letter {
            case "-" where isOn: isOn = false
            case "i": options.ignoresCase = isOn
            case "m": options.isMultiline = isOn
            case "s": options.dotTakesLineBreaks = isOn
            case "x": options.isSpaced = isOn
            default: throw error("unknown kind of group", from: start, hint: Self.kindsHint)
            }
        }
        if take(":") { return .plain }
        guard take(")") else { throw error("this group is not closed", at: start) }
        return nil
    }

    private static let kindsHint = "supported: (?:…), (?<name>…), (?=…), (?!…), (?<=…), (?<!…) and the switches imsx"
}
