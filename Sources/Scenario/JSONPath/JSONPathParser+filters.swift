extension JSONPathParser {
    /// `logical-or-expr = logical-and-expr *(S "||" S logical-and-expr)`
    mutating func parseCondition() throws(JSONPathError) -> JSONPathCondition {
        var conditions: [JSONPathCondition] = []
        repeat {
            skipBlanks()
            conditions.append(try parseConjunction())
            skipBlanks()
        } while take("||")
        return conditions.count == 1 ? conditions[0] : .any(conditions)
    }

    /// `logical-and-expr = basic-expr *(S "&&" S basic-expr)`
    private mutating func parseConjunction() throws(JSONPathError) -> JSONPathCondition {
        var conditions: [JSONPathCondition] = []
        repeat {
            skipBlanks()
            conditions.append(try parseBasic())
            skipBlanks()
        } while take("&&")
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }

    /// `basic-expr = paren-expr / comparison-expr / test-expr`
    private mutating func parseBasic() throws(JSONPathError) -> JSONPathCondition {
        let start = position
        if take("!") {
            skipBlanks()
            let condition = current == UInt8(ascii: "(") ? try parseParentheses() : try parseTest(negatedFrom: start)
            return .not(condition)
        }
        if current == UInt8(ascii: "(") {
            let condition = try parseParentheses()
            if peekComparison() != nil {
                throw error("what stands in parentheses is true or false, and is not compared")
            }
            return condition
        }
        let left = try parseTerm()
        let leftRange = start..<position
        guard let comparison = takeComparison() else { return try test(left, leftRange) }
        skipBlanks()
        let middle = position
        let right = try parseTerm()
        return .comparison(try comparable(left, leftRange), comparison, try comparable(right, middle..<position))
    }

    /// `paren-expr = [logical-not-op S] "(" S logical-expr S ")"`
    private mutating func parseParentheses() throws(JSONPathError) -> JSONPathCondition {
        let open = position
        position += 1
        let condition = try nested { parser throws(JSONPathError) in try parser.parseCondition() }
        guard take(")") else {
            if position == bytes.count {
                throw JSONPathError("this parenthesis is not closed", range: open..<open + 1, hint: "close it with ')'")
            }
            throw error("expected ')'", hint: "conditions are joined by && or ||")
        }
        return condition
    }

    /// After a `!` without parentheses nothing is compared.
    private mutating func parseTest(negatedFrom start: Int) throws(JSONPathError) -> JSONPathCondition {
        let place = position
        let term = try parseTerm()
        let condition = try test(term, place..<position)
        if peekComparison() != nil {
            throw JSONPathError(
                "'!' does not reach over a comparison", range: start..<start + 1,
                hint: "put the comparison in parentheses: !(…)")
        }
        return condition
    }

    /// `test-expr = [logical-not-op S] (filter-query / function-expr)`
    private func test(_ term: JSONPathTerm, _ range: Range<Int>) throws(JSONPathError) -> JSONPathCondition {
        switch term {
        case .query(let query, _): return .exists(query)
        case .condition(let condition): return condition
        case .operand(.literal):
            throw JSONPathError(
                "a literal is compared with something", range: range, hint: "as in @.name == 'value'")
        case .operand:
            throw JSONPathError(
                "this function's result is compared with something", range: range,
                hint: "as in length(@) > 0")
        }
    }

    /// `comparable = literal / singular-query / function-expr`
    private func comparable(_ term: JSONPathTerm, _ range: Range<Int>) throws(JSONPathError) -> JSONPathOperand {
        switch term {
        case .operand(let operand): return operand
        case .query(let query, isSingular: true): return .query(query)
        case .query(let query, isSingular: false):
            throw JSONPathError(
                "only a query that finds one node at most is compared", range: range,
                hint: query.isSingular ? "leave out the spaces within the brackets" : "use names and indices only")
        case .condition:
            throw JSONPathError("this function is true or false, and is not compared", range: range)
        }
    }

    /// What a basic expression begins with: a literal, a query or a function.
    private mutating func parseTerm() throws(JSONPathError) -> JSONPathTerm {
        switch current {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let (query, isSingular) = try parseFilterQuery()
            return .query(query, isSingular: isSingular)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return try parseWord()
        default: return .operand(.literal(try parseLiteral()))
        }
    }

    /// `filter-query = rel-query / jsonpath-query`
    private mutating func parseFilterQuery() throws(JSONPathError) -> (query: JSONPathQuery, isSingular: Bool) {
        let isAbsolute = current == UInt8(ascii: "$")
        position += 1
        let (segments, isSingular) = try parseSegments()
        return (JSONPathQuery(isAbsolute: isAbsolute, segments: segments), isSingular)
    }
}

/// What a condition is made of, before it is known how it is used.
enum JSONPathTerm {
    case query(JSONPathQuery, isSingular: Bool)
    /// A literal, or a function of ValueType.
    case operand(JSONPathOperand)
    /// A function of LogicalType.
    case condition(JSONPathCondition)
}

extension JSONPathParser {
    /// `function-expr = function-name "(" S [function-argument *(S "," S function-argument)] S ")"`, or one of the
    /// literals that are words.
    private mutating func parseWord() throws(JSONPathError) -> JSONPathTerm {
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
                    hint: "queries begin with @ or $, and strings stand in quotes")
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
                "there is no function \(name)()", range: start..<position - 1,
                hint: "there are length(), count(), value(), match() and search()")
        }
        skipBlanks()
        guard take(")") else { throw error("expected ')' after the arguments of \(name)()") }
        return term
    }

    /// An argument of ValueType: a literal, a singular query, or a function of that type.
    private mutating func parseValueArgument(of function: String) throws(JSONPathError) -> JSONPathOperand {
        skipBlanks()
        let start = position
        let term = try nested { parser throws(JSONPathError) in try parser.parseTerm() }
        switch term {
        case .operand(let operand): return operand
        case .query(let query, isSingular: true): return .query(query)
        case .query(let query, isSingular: false):
            throw JSONPathError(
                "\(function)() takes a query only where it finds one node at most", range: start..<position,
                hint: query.isSingular ? "leave out the spaces within the brackets" : "value() takes any query")
        case .condition:
            throw JSONPathError("\(function)() takes a value, not true or false", range: start..<position)
        }
    }

    /// An argument of NodesType: any query.
    private mutating func parseNodesArgument(of function: String) throws(JSONPathError) -> JSONPathQuery {
        skipBlanks()
        guard current == UInt8(ascii: "@") || current == UInt8(ascii: "$") else {
            throw error("\(function)() takes a query", hint: "queries begin with @ or $")
        }
        return try nested { parser throws(JSONPathError) in try parser.parseFilterQuery().query }
    }

    private mutating func parsePattern(of function: String) throws(JSONPathError) -> JSONPathPattern {
        skipBlanks()
        let start = position
        let operand = try parseValueArgument(of: function)
        guard case .literal(.string(let pattern)) = operand else { return .operand(operand) }
        do throws(IRegexpError) { return .literal(try IRegexp(pattern)) } catch {
            // One that is no I-Regexp fits nothing, by the RFC; of one that is left to us we would rather speak.
            guard error.code == .tooLarge else { return .literal(nil) }
            throw JSONPathError(error.message, range: start..<position, hint: error.hint)
        }
    }

    private mutating func takeComparison() -> JSONPathComparison? {
        let start = position
        skipBlanks()
        if take("==") { return .equal }
        if take("!=") { return .notEqual }
        if take("<=") { return .lessOrEqual }
        if take(">=") { return .greaterOrEqual }
        if take("<") { return .less }
        if take(">") { return .greater }
        position = start
        return nil
    }

    private func peekComparison() -> JSONPathComparison? {
        var ahead = self
        return ahead.takeComparison()
    }
}
