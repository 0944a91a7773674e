/// Counts how often each value occurs.
struct CountCheck: GroupCheck {
    private let subject: GroupSubject
    private let expected: [GroupExpectation.Count]
    /// What holds for the number of values that are not listed; nil if there must be none.
    private let other: Matcher?
    private var counts: [String: Int] = [:]

    init(_ subject: GroupSubject, _ expected: [GroupExpectation.Count], other: Matcher?) {
        self.subject = subject
        self.expected = expected
        self.other = other
    }

    mutating func add(_ observed: Observed, in scope: Scope) { counts[key(of: observed), default: 0] += 1 }

    /// The listed value or class that this value counts as; the value itself if none is listed.
    private func key(of observed: Observed) -> String {
        guard let value = observed.value else { return "missing" }
        let text = value.templateText
        if isListed(text) { return text }
        if case .number(let number) = value, let status = number.int, (100...999).contains(status) {
            let statusClass = "\(status / 100)xx"
            if isListed(statusClass) { return statusClass }
        }
        return text
    }

    private func isListed(_ key: String) -> Bool { expected.contains { $0.key == key } }

    func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch] {
        let words = ValueWords(hiding: scope.secrets)
        let summary = counts.sorted { $0.key < $1.key }.map { "\($0.value) × \(words.hide($0.key))" }
            .joined(separator: ", ")
        var result: [Mismatch] = []
        for count in expected {
            let found = try mismatches(of: counts[count.key] ?? 0, count.matcher, key: words.hide(count.key), scope)
            result += found.map { mismatch in
                var mismatch = mismatch
                mismatch.actual += " (all: \(summary.isEmpty ? "none" : summary))"
                return mismatch
            }
        }
        let unlisted = counts.filter { !isListed($0.key) }.values.reduce(0, +)
        if let other {
            result += try mismatches(of: unlisted, other, key: "other", scope)
        } else if unlisted > 0 {
            let names = expected.map { words.hide($0.key) }.joined(separator: ", ")
            result.append(
                Mismatch(
                    subject: name(of: "other"), expected: "only \(names)", actual: summary, range: subject.range))
        }
        return result
    }

    private func mismatches(
        of count: Int, _ matcher: Matcher, key: String, _ scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        try matcher.mismatches(of: .value(.number(JSONNumber(count))), subject: name(of: key), in: scope)
    }

    private func name(of key: String) -> String { "\(subject.query.name): count of \(key)" }
}
