extension Matcher {
    /// What the conditions expect, as text.
    func expectationText(in scope: Scope, _ words: ValueWords) throws(TemplateError) -> String {
        var texts: [String] = []
        for condition in conditions { texts.append(try condition.expectationText(in: scope, words)) }
        return texts.joined(separator: " and ")
    }
}

extension Matcher.Condition {
    /// What the condition expects, as text: `"cache" (string)`, `at least 200`, `text that matches ^a`.
    func expectationText(in scope: Scope, _ words: ValueWords) throws(TemplateError) -> String {
        switch operand {
        case .value(let template):
            let value = try template.render(scope)
            let text = words.literal(of: value)
            switch `operator` {
            case .eq, .equals: return words.text(of: value)
            case .ne: return "any value except \(text)"
            case .gt: return "above \(text)"
            case .gte: return "at least \(text)"
            case .lt: return "below \(text)"
            case .lte: return "at most \(text)"
            case .contains: return "a value that contains \(text)"
            case .startsWith: return "text that starts with \(text)"
            case .endsWith: return "text that ends with \(text)"
            default: return "a value that includes \(text)"
            }
        case .pattern(let template, _):
            return "text that matches \(words.hide(try template.render(scope).templateText))"
        case .values(let templates):
            var values: [JSON] = []
            for template in templates { values.append(try template.render(scope)) }
            return "\(`operator` == .in ? "one of" : "none of") \(words.literal(of: .array(values)))"
        case .statuses(let ranges):
            let texts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound / 100)xx" }
            let isIncluded = [.eq, .in].contains(`operator`)
            return "\(isIncluded ? "one of" : "none of") [\(texts.joined(separator: ", "))]"
        case .flag(let isExpected) where `operator` == .exists: return isExpected ? "a value" : "no value"
        case .flag(let isExpected): return isExpected ? `operator`.noun : "no \(`operator`.noun)"
        case .typeName(let name): return "a value of type \(name)"
        case .length(let length):
            switch `operator` {
            case .minLength: return "a length of at least \(length)"
            case .maxLength: return "a length of at most \(length)"
            default: return "a length of \(length)"
            }
        case .matcher(let matcher):
            let inner = try matcher.expectationText(
                in: scope, `operator` == .length ? words.ofPlainNumbers : words)
            switch `operator` {
            case .each: return "an array of \(inner)"
            case .any: return "an array with an element that is \(inner)"
            case .none: return "an array with no element that is \(inner)"
            case .length: return "a length of \(inner)"
            case .number: return "numeric text that is \(inner)"
            default: return "not \(inner)"
            }
        case .token: return "a JSON Web Token"
        }
    }
}
