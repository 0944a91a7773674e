import JSONDocuments
import Patterns

extension JSONPathParser {
    /// `function-expr = function-name "(" S [function-argument *(S "," S function-argument)] S ")"`, or one of the
    /// literals that are words.
    mutating func parseWord() throws(JSONPathError) -> JSONPathTerm {
        let start = position
        while isFunctionNameByte(at: position) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard take("(") else {
            switch name {
            case "true": return .operand(.literal(true))
            case "false": return .operand(.literal(false))
            case "null": return .operand(.literal(nil))
            default:
                throw JSONPathError(
                    "expected a query, a literal or a function", range: start..<position,
                    hint: "queries start with @ or $; strings are quoted")
            }
        }
        let term: JSONPathTerm
        switch name {
        case "length": term = .operand(.length(try parseValueArgument(of: name)))
        case "count": term = .operand(.count(try parseNodesArgument(of: name)))
        case "value": term = .operand(.value(try parseNodesArgument(of: name)))
        case "match", "search":
            let text = try parseValueArgument(of: name)
            skipBlanks()
            guard take(",") else { throw error("\(name)() takes two arguments: a string and a pattern") }
            term = .condition(.fits(text, try parsePattern(of: name), whole: name == "match"))
        default:
            throw JSONPathError(
                "unknown function \(name)()", range: start..<position - 1,
                hint: "the functions are length(), count(), value(), match() and search()")
        }
        skipBlanks()
        guard take(")") else { throw error("expected ')' after the arguments of \(name)()") }
        return term
    }

    /// An argument of ValueType: a literal, a singular query, or a function of that type.
    private mutating func parseValueArgument(of function: String) throws(JSONPathError) -> JSONPathOperand {
        skipBlanks()
        let start = position
        try enter()
        defer { leave() }
        switch try parseTerm() {
        case .operand(let operand): return operand
        case .query(let query, isSingular: true): return .query(query)
        case .query(let query, isSingular: false):
            throw JSONPathError(
                "\(function)() takes only a query that selects at most one node", range: start..<position,
                hint: query.isSingular ? "remove the spaces inside the brackets" : "value() accepts any query")
        case .condition:
            throw JSONPathError("\(function)() takes a value, not true or false", range: start..<position)
        }
    }

    /// An argument of NodesType: any query.
    private mutating func parseNodesArgument(of function: String) throws(JSONPathError) -> JSONPathQuery {
        skipBlanks()
        guard current == UInt8(ascii: "@") || current == UInt8(ascii: "$") else {
            throw error("\(function)() takes a query", hint: "queries start with @ or $")
        }
        return try parseFilterQuery().query
    }

    private mutating func parsePattern(of function: String) throws(JSONPathError) -> JSONPathPattern {
        skipBlanks()
        let start = position
        let operand = try parseValueArgument(of: function)
        guard case .literal(.string(let pattern)) = operand else { return .operand(operand) }
        do throws(PatternError) { return .literal(try IRegexp(pattern)) } catch {
            // By the RFC, an invalid I-Regexp matches nothing. A limit that is our own is reported instead.
            guard error.code == .tooLarge else { return .literal(nil) }
            throw JSONPathError(error.message, range: start..<position, hint: error.hint)
        }
    }
}
