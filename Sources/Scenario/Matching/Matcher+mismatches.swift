// Describes what does not hold. `Matcher+holds.swift` decides whether it holds; this file only describes failures.

extension Matcher {
    /// The conditions that a value fails, each with the path where it fails.
    ///
    /// - Parameter isTime: whether the value is a time, in milliseconds.
    package func mismatches(
        of actual: Observed, subject: String, in scope: Scope, isTime: Bool = false
    ) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        let words = ValueWords(hiding: scope.secrets, isTime: isTime)
        for condition in conditions where try !condition.holds(for: actual, in: scope) {
            result += try condition.mismatches(of: actual, subject: subject, in: scope, words)
        }
        return result
    }
}

extension Matcher.Condition {
    /// Describes a condition that is known not to hold.
    fileprivate func mismatches(
        of actual: Observed, subject: String, in scope: Scope, _ words: ValueWords
    ) throws(TemplateError) -> [Mismatch] {
        let parts = try actual.value.map { value throws(TemplateError) in
            try partsAtFault(in: value, subject: subject, in: scope, words)
        }
        if let parts, !parts.isEmpty { return parts }
        return [
            Mismatch(
                subject: subject, expected: try expectationText(in: scope, words), actual: words.text(of: actual),
                range: range)
        ]
    }

    /// The parts of the value that fail, for conditions that look inside it; empty for all others.
    private func partsAtFault(
        in value: JSON, subject: String, in scope: Scope, _ words: ValueWords
    ) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        switch operand {
        case .matcher(let matcher) where `operator` == .each:
            for (index, element) in value.elements.enumerated() {
                result += try matcher.mismatches(of: .value(element), subject: "\(subject)[\(index)]", in: scope)
            }
        case .token(let header, let claims):
            guard let token = value.string.flatMap({ JSONWebToken($0) }) else { break }
            for (part, name, matchers) in [(token.header, "header", header), (token.claims, "claims", claims)] {
                for (path, matcher) in matchers {
                    result += try matcher.mismatches(
                        of: part.first(path), subject: "\(subject) \(name) \(path)", in: scope)
                }
            }
        case .value(let template) where `operator` == .includes:
            return notIncluded(try template.render(scope), in: value, subject: subject, words)
        default: break
        }
        return result
    }

    /// Everything that is expected but missing or different, by path.
    private func notIncluded(
        _ expected: JSON, in actual: JSON, subject: String, _ words: ValueWords
    ) -> [Mismatch] {
        func mismatch(_ path: String, _ expected: String, _ actual: String) -> Mismatch {
            Mismatch(subject: path, expected: expected, actual: actual, range: range)
        }
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            return wanted.flatMap { member -> [Mismatch] in
                let path = "\(subject).\(member.key)"
                guard let value = found[member.key] else {
                    return [mismatch(path, words.text(of: member.value), words.text(of: .missing))]
                }
                return notIncluded(member.value, in: value, subject: path, words)
            }
        case (.array(let wanted), .array(let found)):
            return wanted.filter { element in !found.contains { $0.includes(element) } }.map {
                mismatch(subject, "an element that includes \(words.text(of: $0))", words.text(of: actual))
            }
        default:
            guard expected != actual else { return [] }
            return [mismatch(subject, words.text(of: expected), words.text(of: actual))]
        }
    }
}
