extension Matcher {
    /// The conditions that a value does not meet, each at the path where it fails.
    package func mismatches(
        of actual: Observed, subject: String, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        for condition in conditions {
            result += try condition.mismatches(of: actual, subject: subject, in: scope)
        }
        return result
    }

    func holds(for actual: Observed, in scope: Scope) throws(TemplateError) -> Bool {
        try mismatches(of: actual, subject: "", in: scope).isEmpty
    }
}

extension Matcher.Condition {
    fileprivate func mismatches(
        of actual: Observed, subject: String, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        func fails(_ expected: String) -> [Mismatch] {
            [Mismatch(subject: subject, expected: expected, actual: actual.text, range: range)]
        }
        if case .unreadable = actual { return fails(try expectationText(in: scope)) }
        if case .flag(let isExpected) = operand, `operator` == .exists {
            let isThere = if case .missing = actual { false } else { true }
            return isThere == isExpected ? [] : fails(isExpected ? "a value" : "nothing there")
        }
        if `operator` == .not, case .matcher(let inner) = operand {
            return try inner.holds(for: actual, in: scope) ? fails(try expectationText(in: scope)) : []
        }
        guard let value = actual.value else { return fails(try expectationText(in: scope)) }

        switch operand {
        case .matcher(let matcher) where `operator` != .length:
            if let inner = try elements(of: value, matcher, subject: subject, in: scope) { return inner }
            return fails(try expectationText(in: scope))
        case .token(let header, let claims):
            if let inner = try token(value, header, claims, subject: subject, in: scope) { return inner }
            return fails(try expectationText(in: scope))
        case .value(let template) where `operator` == .includes:
            return Self.inclusion(of: try template.render(scope), in: value, subject: subject, range: range)
        default:
            return try holds(for: value, in: scope) ? [] : fails(try expectationText(in: scope))
        }
    }

    private func holds(for value: JSON, in scope: Scope) throws(TemplateError) -> Bool {
        switch operand {
        case .value(let template): return compare(value, with: try template.render(scope))
        case .values(let templates):
            var isListed = false
            for template in templates where value == (try template.render(scope)) { isListed = true }
            return isListed == (`operator` == .in)
        case .flag(let isExpected): return `operator`.recognises(value) == isExpected
        case .typeName(let name):
            if name == "integer", case .number(let number) = value { return number.int != nil }
            return value.typeName == name
        case .length(let limit):
            guard let length = value.length else { return false }
            switch `operator` {
            case .minLength: return length >= limit
            case .maxLength: return length <= limit
            default: return length == limit
            }
        case .matcher(let matcher):
            guard let length = value.length else { return false }
            return try matcher.holds(for: .value(.number(JSONNumber(length))), in: scope)
        case .token: return false
        }
    }

    private func compare(_ value: JSON, with expected: JSON) -> Bool {
        switch `operator` {
        case .eq, .equals: return value == expected
        case .ne: return value != expected
        case .gt, .gte, .lt, .lte:
            guard let order = value.order(to: expected) else { return false }
            switch `operator` {
            case .gt: return order > 0
            case .gte: return order >= 0
            case .lt: return order < 0
            default: return order <= 0
            }
        case .contains:
            if case .array(let elements) = value { return elements.contains(expected) }
            guard case .string(let text) = value, case .string(let part) = expected else { return false }
            return part.isEmpty || text.contains(part)
        case .startsWith, .endsWith, .matches:
            guard case .string(let text) = value, case .string(let part) = expected else { return false }
            if `operator` == .startsWith { return text.utf8.starts(with: part.utf8) }
            if `operator` == .endsWith { return text.utf8.reversed().starts(with: part.utf8.reversed()) }
            return RegularExpression(part)?.isFound(in: text) ?? false
        default: return false
        }
    }

    /// `each`, `any` and `none`; nil where the value is no array or the whole does not hold.
    private func elements(
        of value: JSON, _ matcher: Matcher, subject: String, in scope: Scope
    ) throws(TemplateError) -> [Mismatch]? {
        guard case .array(let elements) = value else { return nil }
        switch `operator` {
        case .each:
            var result: [Mismatch] = []
            for (index, element) in elements.enumerated() {
                result += try matcher.mismatches(of: .value(element), subject: "\(subject)[\(index)]", in: scope)
            }
            return result
        case .any:
            for element in elements where try matcher.holds(for: .value(element), in: scope) { return [] }
            return nil
        default:
            for element in elements where try matcher.holds(for: .value(element), in: scope) { return nil }
            return []
        }
    }

    private func token(
        _ value: JSON, _ header: [(JSONPath, Matcher)], _ claims: [(JSONPath, Matcher)], subject: String,
        in scope: Scope
    ) throws(TemplateError) -> [Mismatch]? {
        guard case .string(let text) = value, let token = JSONWebToken(text) else { return nil }
        var result: [Mismatch] = []
        for (part, name, matchers) in [(token.header, "header", header), (token.claims, "claims", claims)] {
            for (path, matcher) in matchers {
                let observed = path.nodes(in: part.root).first.map(Observed.node) ?? .missing
                result += try matcher.mismatches(of: observed, subject: "\(subject) \(name) \(path)", in: scope)
            }
        }
        return result
    }

    /// Everything that is expected and not there, each by its path.
    private static func inclusion(
        of expected: JSON, in actual: JSON, subject: String, range: Range<Int>
    ) -> [Mismatch] {
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            return wanted.flatMap { member -> [Mismatch] in
                let path = "\(subject).\(member.key)"
                guard let value = found[member.key] else {
                    return [
                        Mismatch(
                            subject: path, expected: Observed.text(of: member.value), actual: Observed.missing.text,
                            range: range)
                    ]
                }
                return inclusion(of: member.value, in: value, subject: path, range: range)
            }
        case (.array(let wanted), .array(let found)):
            return wanted.filter { element in
                !found.contains { inclusion(of: element, in: $0, subject: "", range: range).isEmpty }
            }.map {
                Mismatch(
                    subject: subject, expected: "an element that includes \(Observed.text(of: $0))",
                    actual: Observed.text(of: actual), range: range)
            }
        default:
            guard expected != actual else { return [] }
            return [
                Mismatch(
                    subject: subject, expected: Observed.text(of: expected), actual: Observed.text(of: actual),
                    range: range)
            ]
        }
    }
}

extension JSON {
    /// Characters, elements or members; nil where it has no length.
    fileprivate var length: Int? {
        switch self {
        case .string(let text): text.unicodeScalars.count
        case .array(let elements): elements.count
        case .object(let members): members.count
        case .null, .boolean, .number: nil
        }
    }

    /// Below, equal or above as -1, 0, 1; nil where the two have no order.
    package func order(to other: JSON) -> Int? {
        switch (self, other) {
        case (.number(let one), .number(let two)): one < two ? -1 : one == two ? 0 : 1
        case (.string(let one), .string(let two)):
            one == two ? 0 : one.unicodeScalars.lexicographicallyPrecedes(two.unicodeScalars) ? -1 : 1
        default: nil
        }
    }
}
