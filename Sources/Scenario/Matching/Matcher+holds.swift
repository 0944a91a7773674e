// Decides whether a value is as expected; nothing else does. No text is built here, and values within a body are
// compared in place.

extension Matcher {
    /// Whether a value meets every condition.
    func holds(for actual: Observed, in scope: Scope) throws(TemplateError) -> Bool {
        for condition in conditions where try !condition.holds(for: actual, in: scope) { return false }
        return true
    }

    fileprivate func holds(for value: some JSONReadable, in scope: Scope) throws(TemplateError) -> Bool {
        for condition in conditions where try !condition.holds(for: value, in: scope) { return false }
        return true
    }
}

extension Matcher.Condition {
    func holds(for actual: Observed, in scope: Scope) throws(TemplateError) -> Bool {
        if case .unreadable = actual { return false }
        switch operand {
        case .flag(let isExpected) where `operator` == .exists: return actual.isPresent == isExpected
        case .matcher(let inner) where `operator` == .not: return try !inner.holds(for: actual, in: scope)
        default: break
        }
        switch actual {
        case .value(let value): return try holds(for: value, in: scope)
        case .node(let node): return try holds(for: node, in: scope)
        case .values(let values): return try holds(for: JSON.array(values), in: scope)
        case .missing, .unreadable: return false
        }
    }

    fileprivate func holds(for value: some JSONReadable, in scope: Scope) throws(TemplateError) -> Bool {
        switch operand {
        case .value(.constant(let expected)): return compare(value, with: expected)
        case .value(let template): return compare(value, with: try template.render(scope))
        case .pattern(let template, let pattern):
            guard let text = value.string else { return false }
            let expression = if let pattern { pattern } else { try RegularExpression(template, in: scope) }
            return expression.isFound(in: text)
        case .values(let templates):
            for template in templates where value == (try template.render(scope)) { return `operator` == .in }
            return `operator` == .notIn
        case .statuses(let ranges):
            let isOne = value.number?.int.map { status in ranges.contains { $0.contains(status) } } ?? false
            return isOne == [.eq, .in].contains(`operator`)
        case .flag(let isExpected):
            if `operator` == .exists { return isExpected }
            return (value.string.map(`operator`.recognises) ?? false) == isExpected
        case .typeName(let name):
            return name == "integer" ? value.number?.isInteger == true : value.kind.rawValue == name
        case .length(let limit):
            guard let length = value.length else { return false }
            switch `operator` {
            case .minLength: return length >= limit
            case .maxLength: return length <= limit
            default: return length == limit
            }
        case .matcher(let matcher): return try holds(for: value, matcher, in: scope)
        case .token(let header, let claims):
            guard let token = value.string.flatMap({ JSONWebToken($0) }) else { return false }
            for (part, matchers) in [(token.header, header), (token.claims, claims)] {
                for (path, matcher) in matchers where try !matcher.holds(for: part.first(path), in: scope) {
                    return false
                }
            }
            return true
        }
    }

    /// `not`, `length`, `number`, and the conditions on the elements of an array.
    private func holds(
        for value: some JSONReadable, _ matcher: Matcher, in scope: Scope
    ) throws(TemplateError) -> Bool {
        switch `operator` {
        case .not: return try !matcher.holds(for: value, in: scope)
        case .length:
            guard let length = value.length else { return false }
            return try matcher.holds(for: JSON.number(JSONNumber(length)), in: scope)
        case .number:
            guard let number = value.string.flatMap({ JSONNumber(literal: $0) }) else { return false }
            return try matcher.holds(for: JSON.number(number), in: scope)
        default:
            guard value.kind == .array else { return false }
            // The first match decides `any` and `none`; the first mismatch decides `each`.
            let decisive = `operator` != .each
            for element in value.elements where try matcher.holds(for: element, in: scope) == decisive {
                return `operator` == .any
            }
            return `operator` != .any
        }
    }

    private func compare(_ value: some JSONReadable, with expected: JSON) -> Bool {
        switch `operator` {
        case .eq, .equals: return value == expected
        case .ne: return !(value == expected)
        case .gt: return value.order(to: expected).map { $0 > 0 } ?? false
        case .gte: return value.order(to: expected).map { $0 >= 0 } ?? false
        case .lt: return value.order(to: expected).map { $0 < 0 } ?? false
        case .lte: return value.order(to: expected).map { $0 <= 0 } ?? false
        case .includes: return value.includes(expected)
        case .contains where value.kind == .array: return value.elements.contains { $0 == expected }
        case .contains, .startsWith, .endsWith:
            guard let text = value.string, case .string(let part) = expected else { return false }
            switch `operator` {
            case .contains: return text.hasUTF8(of: part)
            case .startsWith: return text.utf8.starts(with: part.utf8)
            default: return text.utf8.reversed().starts(with: part.utf8.reversed())
            }
        default: return false
        }
    }
}

extension RegularExpression {
    /// The regular expression that a template renders to.
    fileprivate init(_ template: TemplateValue, in scope: Scope) throws(TemplateError) {
        let pattern = try template.render(scope).templateText
        do throws(PatternError) { try self.init(pattern) } catch {
            throw .pattern(pattern, reason: error.message)
        }
    }
}
