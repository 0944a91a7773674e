extension ScenarioReader {
    mutating func expectation(_ node: JSONNode?) -> Expectation {
        guard let node else { return Expectation() }
        var assertions: [Expectation.Assertion] = []
        for (query, value) in queries(node) {
            assertions.append(Expectation.Assertion(query: query, matcher: matcher(value, for: query)))
        }
        return Expectation(assertions: assertions)
    }

    mutating func groupExpectation(_ node: JSONNode?) -> GroupExpectation {
        guard let node else { return GroupExpectation() }
        var assertions: [GroupExpectation.Assertion] = []
        for (query, value) in queries(node) {
            let conditions = value.members.compactMap { member in
                requirement(member.key, member.value, for: query).map {
                    GroupExpectation.Condition(
                        requirement: $0, range: member.key.range.lowerBound..<member.value.range.upperBound)
                }
            }
            assertions.append(GroupExpectation.Assertion(query: query, conditions: conditions))
        }
        return GroupExpectation(assertions: assertions)
    }

    /// The queries of an expectation with their matchers, in file order.
    private mutating func queries(_ node: JSONNode) -> [(Query, JSONNode)] {
        var result: [(Query, JSONNode)] = []
        for member in node.members {
            switch member.key.string {
            case "status": result.append((.status, member.value))
            case "body": result.append((.body, member.value))
            case "bytes": result.append((.bytes, member.value))
            case "time": result.append((.time, member.value))
            case "httpVersion": result.append((.httpVersion, member.value))
            case "phases":
                for phase in member.value.members {
                    if let known = Query.Phase(rawValue: phase.key.string ?? "") {
                        result.append((.phase(known), phase.value))
                    }
                }
            case "since":
                for step in member.value.members { result.append((.since(step.key.string ?? ""), step.value)) }
            case "cookies":
                for cookie in member.value.members { result.append((.cookie(cookie.key.string ?? ""), cookie.value)) }
            case "headers":
                for header in member.value.members { result.append((.header(header.key.string ?? ""), header.value)) }
            case "json":
                for path in member.value.members {
                    if let query = jsonPath(path.key) { result.append((.json(query), path.value)) }
                }
            default: break
            }
        }
        return result
    }

    mutating func matcher(_ node: JSONNode, for query: Query? = nil) -> Matcher {
        guard node.kind == .object else {
            if case .status = query, let text = node.string, let range = Self.statusClass(text) {
                return Matcher(conditions: [
                    condition(.gte, range.lowerBound, node.range), condition(.lt, range.upperBound, node.range),
                ])
            }
            let operand = Matcher.Operand.value(operandValue(node, for: query))
            return Matcher(conditions: [Matcher.Condition(operator: .eq, operand: operand, range: node.range)])
        }
        var conditions: [Matcher.Condition] = []
        for member in node.members {
            let name = member.key.string ?? ""
            guard let `operator` = MatcherOperator(rawValue: name) else {
                report(
                    .unknownKey, "unknown matcher \"\(name)\"", at: member.key.range,
                    help: Suggestion.nearest(to: name, among: MatcherOperator.allCases.map(\.rawValue))
                        .map { "did you mean \"\($0)\"?" } ?? "to compare with an object, write {\"equals\": {…}}")
                continue
            }
            guard let operand = operand(of: `operator`, member.value, for: query) else { continue }
            let range = member.key.range.lowerBound..<member.value.range.upperBound
            conditions.append(Matcher.Condition(operator: `operator`, operand: operand, range: range))
        }
        if node.count == 0 {
            report(
                .invalidValue, "an empty matcher would match any value", at: node.range,
                help: "to compare with an empty object, write {\"equals\": {}}")
        }
        return Matcher(conditions: conditions)
    }

    private mutating func operand(
        of `operator`: MatcherOperator, _ node: JSONNode, for query: Query?
    ) -> Matcher.Operand? {
        func wrong(_ expected: String) -> Matcher.Operand? {
            report(
                .wrongType, "\"\(`operator`.rawValue)\" takes \(expected), not \(node.kind.withArticle)", at: node.range
            )
            return nil
        }
        if case .status = query, let statuses = Self.statuses(node, for: `operator`) { return .statuses(statuses) }
        switch `operator`.operand {
        case .value: return .value(operandValue(node, for: query))
        case .ordered:
            guard node.kind == .number || node.kind == .string else { return wrong("a number or a string") }
            return .value(operandValue(node, for: query))
        case .text:
            return node.kind == .string ? .value(value(node)) : wrong("a string")
        case .regularExpression:
            guard node.string != nil else { return wrong("a regular expression in a string") }
            let template = value(node)
            return .pattern(template, template.constant.flatMap { _ in regularExpression(node) })
        case .values:
            guard node.kind == .array else { return wrong("an array of values") }
            return .values(node.elements.map { operandValue($0, for: query) })
        case .flag:
            return node.boolean.map(Matcher.Operand.flag) ?? wrong("true or false")
        case .typeName:
            guard let name = node.string else { return wrong("the name of a JSON type") }
            if !MatcherOperator.typeNames.contains(name) {
                report(
                    .invalidValue, "unknown JSON type \"\(name)\"", at: node.range,
                    help: Suggestion.help(for: name, among: MatcherOperator.typeNames))
            }
            return .typeName(name)
        case .length, .lengthOrMatcher:
            if let length = node.number?.int, length >= 0 { return .length(length) }
            guard case .lengthOrMatcher = `operator`.operand, node.kind == .object else {
                return wrong("a whole number of at least 0")
            }
            return .matcher(matcher(node))
        case .matcher where `operator` == .not: return .matcher(matcher(node, for: query))
        case .matcher: return .matcher(matcher(node))
        case .token: return token(node) ?? wrong("true, or an object of \"header\" and \"claims\"")
        }
    }

    private mutating func token(_ node: JSONNode) -> Matcher.Operand? {
        if node.boolean == true { return .token(header: [], claims: []) }
        guard node.kind == .object else { return nil }
        var parts: [String: [(JSONPath, Matcher)]] = [:]
        for member in node.members {
            let name = member.key.string ?? ""
            guard ["header", "claims"].contains(name) else {
                report(
                    .unknownKey, "unknown key \"\(name)\": a token has only \"header\" and \"claims\"",
                    at: member.key.range)
                continue
            }
            for path in member.value.members {
                if let query = jsonPath(path.key) { parts[name, default: []].append((query, matcher(path.value))) }
            }
        }
        return .token(header: parts["header"] ?? [], claims: parts["claims"] ?? [])
    }

    /// A value to compare with. For a time, a duration is converted to milliseconds.
    private mutating func operandValue(_ node: JSONNode, for query: Query?) -> TemplateValue {
        if query?.isTime == true, let text = node.string, !text.contains("{{") {
            guard let duration = duration(node) else { return .constant(.null) }
            return .constant(.number(JSONNumber(milliseconds: duration)))
        }
        let value = value(node)
        if let query, value.constant != nil { check(node, isComparableWith: query) }
        return value
    }

    /// Reports a value that the query can never give.
    private mutating func check(_ node: JSONNode, isComparableWith query: Query) {
        guard let kind = query.valueKind else { return }
        if node.kind != kind {
            let help: String? =
                switch query {
                case .header, .cookie, .body: "to compare text as a number, write {\"number\": {…}}"
                case .httpVersion: "write it as a string: \"1.1\""
                case .status: "use a number, or a class such as \"2xx\" (bare, in a list, or with eq or ne)"
                default: nil
                }
            report(
                .wrongType,
                "\(query.name) is \(kind.withArticle), so it cannot be compared with \(node.kind.withArticle)",
                at: node.range, help: help)
        } else if query == .status, node.number?.int.map({ !(100...999).contains($0) }) ?? true {
            report(.invalidValue, "a status code has three digits", at: node.range)
        }
    }

    private func condition(_ `operator`: MatcherOperator, _ number: Int, _ range: Range<Int>) -> Matcher.Condition {
        Matcher.Condition(
            operator: `operator`, operand: .value(.constant(.number(JSONNumber(number)))), range: range)
    }

    /// Reports a key that can never match a status.
    private mutating func check(statusIn key: JSONNode) {
        let name = key.string ?? ""
        guard Self.statusClass(name) == nil, Int(name).map({ !(100...999).contains($0) }) ?? true else { return }
        report(
            .invalidValue, "\"\(name)\" is not a status code or a class such as 2xx", at: key.range,
            help: "use a three-digit code, a class such as 2xx, or \"other\" for all values not listed")
    }

    /// Statuses of which at least one is a class. Nil if none is: they are then compared like any other values.
    private static func statuses(_ node: JSONNode, for operator: MatcherOperator) -> [Range<Int>]? {
        let nodes: [JSONNode]
        switch `operator` {
        case .eq, .ne: nodes = [node]
        case .in, .notIn: nodes = Array(node.elements)
        default: return nil
        }
        guard nodes.contains(where: { $0.string.flatMap(statusClass) != nil }) else { return nil }
        let ranges = nodes.compactMap { node in
            node.string.flatMap(statusClass)
                ?? node.number?.int.flatMap { (100...999).contains($0) ? $0..<$0 + 1 : nil }
        }
        return ranges.count == nodes.count ? ranges : nil
    }

    /// The half-open range that a class covers: `2xx` is 200 up to, but not including, 300.
    static func statusClass(_ text: String) -> Range<Int>? {
        guard text.count == 3, text.hasSuffix("xx"), let digit = text.first?.wholeNumberValue, (1...9).contains(digit)
        else { return nil }
        return digit * 100..<digit * 100 + 100
    }
}

extension ScenarioReader {
    private mutating func requirement(
        _ key: JSONNode, _ node: JSONNode, for query: Query
    ) -> GroupExpectation.Requirement? {
        switch key.string {
        case "counts":
            var counts: [GroupExpectation.Count] = []
            var other: Matcher?
            for member in node.members {
                let name = member.key.string ?? ""
                if name == "other" {
                    other = matcher(member.value)
                } else {
                    if query == .status { check(statusIn: member.key) }
                    counts.append(GroupExpectation.Count(key: name, matcher: matcher(member.value)))
                }
            }
            return .counts(counts, other: other)
        case "sequence": return .sequence(node.elements.map { operandValue($0, for: query) })
        case "first": return .first(matcher(node, for: query))
        case "last": return .last(matcher(node, for: query))
        case "each": return .each(matcher(node, for: query))
        case "allEqual": return .allEqual(node.boolean ?? true)
        case "distinct": return .distinct(node.boolean ?? true)
        case "increasing": return .increasing(node.boolean ?? true)
        case "percentile":
            return .percentile(
                node.members.compactMap { member in
                    let name = member.key.string ?? ""
                    guard let percentage = Double(name), (0...100).contains(percentage) else {
                        report(
                            .invalidValue, "\"\(name)\" is not a percentage from 0 to 100", at: member.key.range)
                        return nil
                    }
                    return (percentage, matcher(member.value, for: query))
                })
        case "restToFirst": return .restToFirst(matcher(node))
        case "evenToOdd": return .evenToOdd(matcher(node))
        default: return nil
        }
    }
}
