/// Checks the responses of a step one after another. Each condition keeps only what it needs.
package struct GroupAccumulator {
    private var checks: [(query: Query, check: any GroupCheck)]

    package init(_ expectation: GroupExpectation) {
        checks = expectation.assertions.flatMap { assertion in
            assertion.conditions.map { (assertion.query, $0.check(of: assertion.query)) }
        }
    }

    /// Adds the next response. Responses are added in the order in which their requests were sent.
    package mutating func add(_ response: inout ExaminedResponse, in scope: Scope) throws(TemplateError) {
        for index in checks.indices {
            try checks[index].check.add(response.observe(checks[index].query), in: scope)
        }
    }

    /// The conditions that do not hold. Call it after the last response.
    package func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        for (_, check) in checks { result += try check.mismatches(in: scope) }
        return result
    }
}

extension GroupExpectation.Condition {
    fileprivate func check(of query: Query) -> any GroupCheck {
        let subject = GroupSubject(query: query, range: range)
        return switch requirement {
        case .counts(let counts, let other): CountCheck(subject, counts, other: other)
        case .sequence(let values): SequenceCheck(subject, values)
        case .first(let matcher): EndCheck(subject, .first, matcher)
        case .last(let matcher): EndCheck(subject, .last, matcher)
        case .each(let matcher): EachCheck(subject, matcher)
        case .allEqual(let isExpected): RelationCheck(subject, .allEqual(first: nil), isExpected: isExpected)
        case .distinct(let isExpected): RelationCheck(subject, .distinct([]), isExpected: isExpected)
        case .increasing(let isExpected): RelationCheck(subject, .increasing(last: nil), isExpected: isExpected)
        case .percentile(let percentiles): StatisticCheck(subject, .percentiles(percentiles))
        case .restToFirst(let matcher): StatisticCheck(subject, .restToFirst(matcher))
        case .evenToOdd(let matcher): StatisticCheck(subject, .evenToOdd(matcher))
        }
    }
}
