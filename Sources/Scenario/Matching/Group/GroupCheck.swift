/// Checks one condition on all responses of a step, one response after another.
protocol GroupCheck {
    mutating func add(_ observed: Observed, in scope: Scope) throws(TemplateError)

    /// Empty if the condition holds. Called after the last response.
    func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch]
}

/// What a condition is about: the part of each response, and the condition's place in the file.
struct GroupSubject {
    let query: Query
    let range: Range<Int>

    func words(in scope: Scope) -> ValueWords { ValueWords(hiding: scope.secrets, isTime: query.isTime) }

    func mismatch(expected: String, actual: String) -> Mismatch {
        Mismatch(subject: query.name, expected: expected, actual: actual, range: range)
    }

    /// - Parameter suffix: follows the query's name in messages, as in "status of the first response".
    func mismatches(
        of observed: Observed, _ matcher: Matcher, named suffix: String, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        try matcher.mismatches(of: observed, subject: query.name + suffix, in: scope, isTime: query.isTime)
    }
}

/// The first response that breaks a condition: its position, from 1, and its value as text.
struct GroupBreach {
    let place: Int
    let text: String

    var sentence: String { "response \(place) has \(text)" }
}
