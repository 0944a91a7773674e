/// What a response must show.
package struct Expectation: Sendable {
    package var assertions: [Assertion]

    package struct Assertion: Sendable {
        package var query: Query
        package var matcher: Matcher
    }

    package init(assertions: [Assertion] = []) { self.assertions = assertions }

    /// Number of conditions that a response is checked against.
    package var count: Int { assertions.reduce(0) { $0 + $1.matcher.conditions.count } }

    /// Whether a response meets every condition. Builds no text, so it is fast.
    package func holds(for response: inout ExaminedResponse, in scope: Scope) throws(TemplateError) -> Bool {
        for assertion in assertions {
            guard try assertion.matcher.holds(for: response.observe(assertion.query), in: scope) else { return false }
        }
        return true
    }

    /// Reports the number of each condition that a response fails, counted from 0 over all assertions.
    ///
    /// A condition whose expected value cannot be rendered fails.
    package func forEachFailure(of response: inout ExaminedResponse, in scope: Scope, _ report: (Int) -> Void) {
        var number = 0
        for assertion in assertions {
            let actual = response.observe(assertion.query)
            for condition in assertion.matcher.conditions {
                if (try? condition.holds(for: actual, in: scope)) != true { report(number) }
                number += 1
            }
        }
    }

    /// Every condition that a response fails, with a description.
    package func mismatches(
        of response: inout ExaminedResponse, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        for assertion in assertions {
            result += try assertion.matcher.mismatches(
                of: response.observe(assertion.query), subject: assertion.query.name, in: scope,
                isTime: assertion.query.isTime)
        }
        return result
    }
}
