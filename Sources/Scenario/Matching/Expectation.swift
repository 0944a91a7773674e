/// What a response must show.
package struct Expectation: Sendable {
    package var assertions: [Assertion]

    package struct Assertion: Sendable {
        package var query: Query
        package var matcher: Matcher
    }

    package init(assertions: [Assertion] = []) { self.assertions = assertions }

    /// How many conditions a response is held against.
    package var count: Int { assertions.reduce(0) { $0 + $1.matcher.conditions.count } }

    /// Every condition that a response does not meet.
    package func mismatches(
        of response: inout ExaminedResponse, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        for assertion in assertions {
            result += try assertion.matcher.mismatches(
                of: response.observe(assertion.query), subject: assertion.query.name, in: scope)
        }
        return result
    }
}
