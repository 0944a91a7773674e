import JSONDocuments

extension JSONPathParser {
    /// `logical-or-expr = logical-and-expr *(S "||" S logical-and-expr)`
    mutating func parseCondition() throws(JSONPathError) -> JSONPathCondition {
        try enter()
        defer { leave() }
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
                throw error("an expression in parentheses is true or false and cannot be compared")
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
        let condition = try parseCondition()
        guard take(")") else {
            if position == bytes.count {
                throw JSONPathError("this parenthesis is not closed", range: open..<open + 1, hint: "close it with ')'")
            }
            throw error("expected ')'", hint: "conditions are joined by && or ||")
        }
        return condition
    }

    /// Parses a test after `!`. Without parentheses, no comparison may follow.
    private mutating func parseTest(negatedFrom start: Int) throws(JSONPathError) -> JSONPathCondition {
        let place = position
        let term = try parseTerm()
        let condition = try test(term, place..<position)
        if peekComparison() != nil {
            throw JSONPathError(
                "'!' does not apply to a comparison", range: start..<start + 1,
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
                "a literal must be compared with something", range: range, hint: "for example @.name == 'value'")
        case .operand:
            throw JSONPathError(
                "this function's result must be compared with something", range: range,
                hint: "for example length(@) > 0")
        }
    }

    /// `comparable = literal / singular-query / function-expr`
    private func comparable(_ term: JSONPathTerm, _ range: Range<Int>) throws(JSONPathError) -> JSONPathOperand {
        switch term {
        case .operand(let operand): return operand
        case .query(let query, isSingular: true): return .query(query)
        case .query(let query, isSingular: false):
            throw JSONPathError(
                "only a query that selects at most one node can be compared", range: range,
                hint: query.isSingular ? "remove the spaces inside the brackets" : "use only names and indices")
        case .condition:
            throw JSONPathError("this function returns true or false and cannot be compared", range: range)
        }
    }

    /// Parses the start of a basic expression: a literal, a query or a function.
    mutating func parseTerm() throws(JSONPathError) -> JSONPathTerm {
        switch current {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let (query, isSingular) = try parseFilterQuery()
            return .query(query, isSingular: isSingular)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return try parseWord()
        default: return .operand(.literal(try parseLiteral()))
        }
    }

    /// `filter-query = rel-query / jsonpath-query`
    mutating func parseFilterQuery() throws(JSONPathError) -> (query: JSONPathQuery, isSingular: Bool) {
        let isAbsolute = current == UInt8(ascii: "$")
        position += 1
        let (segments, isSingular) = try parseSegments()
        return (JSONPathQuery(isAbsolute: isAbsolute, segments: segments), isSingular)
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

/// Part of a condition whose use is not yet known.
enum JSONPathTerm {
    case query(JSONPathQuery, isSingular: Bool)
    /// A literal, or a function of ValueType.
    case operand(JSONPathOperand)
    /// A function of LogicalType.
    case condition(JSONPathCondition)
}
