/// Checks the responses of a step one after another, keeping only what each condition needs.
package struct GroupAccumulator {
    private var folds: [(query: Query, condition: GroupExpectation.Condition, state: State)]

    package init(_ expectation: GroupExpectation) {
        folds = expectation.assertions.flatMap { assertion in
            assertion.conditions.map { (assertion.query, $0, State()) }
        }
    }

    /// What a condition keeps of the values so far.
    private struct State {
        var seen = 0
        var counts: [String: Int] = [:]
        var sequence: [JSON] = []
        var first: Observed?
        var last: Observed?
        var values: Set<JSON> = []
        var numbers: [JSONNumber] = []
        /// The first value that violates the condition, and its position from 1.
        var breach: (place: Int, text: String)?
        /// The first response without a value, for conditions that compare values.
        var absence: (place: Int, text: String)?
        var mismatches: [Mismatch] = []
    }

    /// Adds the next response. Responses are added in the order in which their requests were sent.
    package mutating func add(_ response: inout ExaminedResponse, in scope: Scope) throws(TemplateError) {
        for index in folds.indices {
            let observed = response.observe(folds[index].query)
            try Self.add(observed, to: &folds[index].state, folds[index].condition, folds[index].query, in: scope)
        }
    }

    private static func add(
        _ observed: Observed, to state: inout State, _ condition: GroupExpectation.Condition, _ query: Query,
        in scope: Scope
    ) throws(TemplateError) {
        state.seen += 1
        let words = ValueWords(hiding: scope.secrets, isTime: query.isTime)
        let value = observed.value
        func breach(_ state: inout State) {
            if state.breach == nil { state.breach = (state.seen, words.text(of: observed)) }
        }
        if value == nil, state.absence == nil { state.absence = (state.seen, words.text(of: observed)) }
        switch condition.requirement {
        case .counts(let counts, _):
            state.counts[Self.key(of: observed, among: counts), default: 0] += 1
        case .sequence(let expected):
            if state.sequence.count <= expected.count { state.sequence.append(value ?? .null) }
        case .first:
            if state.first == nil { state.first = observed }
        case .last:
            state.last = observed
        case .each(let matcher):
            if state.mismatches.count < 8 {
                state.mismatches += try matcher.mismatches(
                    of: observed, subject: "\(query.name) of response \(state.seen)", in: scope, isTime: query.isTime)
            }
        case .allEqual:
            if let first = state.first {
                if first.value != value { breach(&state) }
            } else {
                state.first = observed
            }
        case .distinct:
            if !state.values.insert(value ?? .null).inserted { breach(&state) }
        case .increasing:
            if let last = state.last?.value, let value, let order = last.order(to: value), order < 0 {
            } else if state.last != nil || value == nil {
                breach(&state)
            }
            state.last = observed
        case .percentile, .restToFirst, .evenToOdd:
            if case .number(let number)? = value { state.numbers.append(number) } else { breach(&state) }
        }
    }

    /// The listed value or class that this value counts as; the value itself if none is listed.
    private static func key(of observed: Observed, among counts: [GroupExpectation.Count]) -> String {
        guard let value = observed.value else { return "missing" }
        let text = value.templateText
        if counts.contains(where: { $0.key == text }) { return text }
        if case .number(let number) = value, let status = number.int, (100...999).contains(status) {
            let statusClass = "\(status / 100)xx"
            if counts.contains(where: { $0.key == statusClass }) { return statusClass }
        }
        return text
    }

    /// The conditions that do not hold. Call it after the last response.
    package func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch] {
        var result: [Mismatch] = []
        for fold in folds {
            result += try Self.mismatches(fold.state, fold.condition, fold.query, in: scope)
        }
        return result
    }

    private static func mismatches(
        _ state: State, _ condition: GroupExpectation.Condition, _ query: Query, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        let words = ValueWords(hiding: scope.secrets, isTime: query.isTime)
        let (subject, isTime) = (query.name, query.isTime)
        func fails(_ expected: String, _ actual: String) -> [Mismatch] {
            [Mismatch(subject: subject, expected: expected, actual: actual, range: condition.range)]
        }
        // A missing value is not equal to another: if any is missing, no comparison between values holds.
        let absence = state.absence.map { fails("a value in every response", "response \($0.place) has \($0.text)") }
        func verdict(_ isExpected: Bool, _ property: String) -> [Mismatch] {
            if let absence { return absence }
            guard isExpected != (state.breach == nil) else { return [] }
            let example = state.breach.map { "response \($0.place) has \($0.text)" } ?? "they all are"
            let first = state.first.map { ", the first has \(words.text(of: $0))" } ?? ""
            return fails("\(isExpected ? "" : "not ")\(property), over \(state.seen) responses", example + first)
        }
        switch condition.requirement {
        case .counts(let counts, let other):
            return try countMismatches(state.counts, counts, other, subject: subject, condition.range, in: scope)
        case .sequence(let templates):
            var expected: [JSON] = []
            for template in templates { expected.append(try template.render(scope)) }
            guard state.sequence != expected || state.seen != expected.count else { return absence ?? [] }
            let more = state.seen > state.sequence.count ? " and \(state.seen - state.sequence.count) more" : ""
            return fails(words.literal(of: .array(expected)), words.literal(of: .array(state.sequence)) + more)
        case .first(let matcher):
            return try matcher.mismatches(
                of: state.first ?? .missing, subject: "\(subject) of the first response", in: scope, isTime: isTime)
        case .last(let matcher):
            return try matcher.mismatches(
                of: state.last ?? .missing, subject: "\(subject) of the last response", in: scope, isTime: isTime)
        case .each: return state.mismatches
        case .allEqual(let isExpected): return verdict(isExpected, "all equal")
        case .distinct(let isExpected): return verdict(isExpected, "all distinct")
        case .increasing(let isExpected): return verdict(isExpected, "increasing")
        case .percentile, .restToFirst, .evenToOdd:
            if let breach = state.breach {
                return fails("a number in every response", "response \(breach.place) has \(breach.text)")
            }
            return try statisticMismatches(of: state.numbers, condition.requirement, query, in: scope)
        }
    }

    private static func statisticMismatches(
        of numbers: [JSONNumber], _ requirement: GroupExpectation.Requirement, _ query: Query, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        let subject = query.name
        var result: [Mismatch] = []
        switch requirement {
        case .percentile(let percentiles):
            for (percentage, matcher) in percentiles {
                let observed = numbers.percentile(percentage).map { Observed.value(.number($0)) } ?? .missing
                result += try matcher.mismatches(
                    of: observed, subject: "\(subject): percentile \(percentage)", in: scope, isTime: query.isTime)
            }
        case .restToFirst(let matcher):
            result = try matcher.mismatches(
                of: ratio(of: Array(numbers.dropFirst()), to: Array(numbers.prefix(1))),
                subject: "\(subject): median of the rest divided by the first", in: scope)
        case .evenToOdd(let matcher):
            let (odd, even) = (numbers.indices.filter { $0 % 2 == 0 }, numbers.indices.filter { $0 % 2 == 1 })
            result = try matcher.mismatches(
                of: ratio(of: even.map { numbers[$0] }, to: odd.map { numbers[$0] }),
                subject: "\(subject): median of the even responses divided by that of the odd", in: scope)
        default: break
        }
        return result
    }

    /// One median divided by another. If the result is not a number, every assertion about it fails.
    private static func ratio(of numbers: [JSONNumber], to others: [JSONNumber]) -> Observed {
        guard let median = numbers.percentile(50), let divisor = others.percentile(50) else { return .missing }
        guard divisor.double > 0 else { return .unreadable("no ratio: the divisor is not above zero") }
        guard let ratio = JSONNumber(median.double / divisor.double) else {
            return .unreadable("no ratio: the numbers are too large to divide")
        }
        return .value(.number(ratio))
    }

    private static func countMismatches(
        _ found: [String: Int], _ counts: [GroupExpectation.Count], _ other: Matcher?, subject: String,
        _ range: Range<Int>, in scope: Scope
    ) throws(TemplateError) -> [Mismatch] {
        let words = ValueWords(hiding: scope.secrets)
        let summary = found.sorted { $0.key < $1.key }.map { "\($0.value) × \(words.hide($0.key))" }
            .joined(separator: ", ")
        let all = " (all: \(summary.isEmpty ? "none" : summary))"
        var result: [Mismatch] = []
        for count in counts {
            let actual = Observed.value(.number(JSONNumber(found[count.key] ?? 0)))
            result += try count.matcher.mismatches(
                of: actual, subject: "\(subject): count of \(words.hide(count.key))", in: scope
            )
            .map { mismatch in
                var mismatch = mismatch
                mismatch.actual += all
                return mismatch
            }
        }
        let unnamed = found.filter { entry in !counts.contains { $0.key == entry.key } }
        let total = unnamed.values.reduce(0, +)
        if let other {
            result += try other.mismatches(
                of: .value(.number(JSONNumber(total))), subject: "\(subject): count of other", in: scope)
        } else if total > 0 {
            let names = counts.map { words.hide($0.key) }.joined(separator: ", ")
            result.append(
                Mismatch(
                    subject: "\(subject): count of other", expected: "only \(names)", actual: summary, range: range))
        }
        return result
    }
}

extension [JSONNumber] {
    /// The percentile by nearest rank: the smallest number that at least this percentage of all numbers do not exceed.
    /// Nil if there are no numbers.
    fileprivate func percentile(_ percentage: Double) -> JSONNumber? {
        guard !isEmpty else { return nil }
        let rank = Int((percentage / 100 * Double(count)).rounded(.up))
        // Doubles are fast to compare. The result is the exact number, which may not fit in a double.
        let sorted = map { (value: $0.double, number: $0) }.sorted { $0.value < $1.value }
        return sorted[Swift.min(Swift.max(rank, 1), count) - 1].number
    }
}
