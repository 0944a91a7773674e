/// Checks percentiles and ratios of numbers.
struct StatisticCheck: GroupCheck {
    enum Statistic {
        case percentiles([(percentage: Double, matcher: Matcher)])
        case restToFirst(Matcher)
        case evenToOdd(Matcher)
    }

    private let subject: GroupSubject
    private let statistic: Statistic
    private var numbers: [JSONNumber] = []
    private var count = 0
    /// The first value that is not a number.
    private var breach: GroupBreach?

    init(_ subject: GroupSubject, _ statistic: Statistic) {
        self.subject = subject
        self.statistic = statistic
    }

    mutating func add(_ observed: Observed, in scope: Scope) {
        count += 1
        if case .number(let number)? = observed.value {
            numbers.append(number)
        } else if breach == nil {
            breach = GroupBreach(place: count, text: subject.words(in: scope).text(of: observed))
        }
    }

    func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch] {
        if let breach { return [subject.mismatch(expected: "a number in every response", actual: breach.sentence)] }
        let name = subject.query.name
        switch statistic {
        case .percentiles(let percentiles):
            var result: [Mismatch] = []
            for (percentage, matcher) in percentiles {
                let observed = numbers.percentile(percentage).map { Observed.value(.number($0)) } ?? .missing
                result += try subject.mismatches(of: observed, matcher, named: ": percentile \(percentage)", in: scope)
            }
            return result
        case .restToFirst(let matcher):
            return try matcher.mismatches(
                of: ratio(of: Array(numbers.dropFirst()), to: Array(numbers.prefix(1))),
                subject: "\(name): median of the rest divided by the first", in: scope)
        case .evenToOdd(let matcher):
            let (odd, even) = (stride(from: 0, to: numbers.count, by: 2), stride(from: 1, to: numbers.count, by: 2))
            return try matcher.mismatches(
                of: ratio(of: even.map { numbers[$0] }, to: odd.map { numbers[$0] }),
                subject: "\(name): median of the even responses divided by that of the odd", in: scope)
        }
    }

    /// One median divided by another. If the result is not a number, every assertion about it fails.
    private func ratio(of numbers: [JSONNumber], to others: [JSONNumber]) -> Observed {
        guard let median = numbers.percentile(50), let divisor = others.percentile(50) else { return .missing }
        guard divisor.double > 0 else { return .unreadable("no ratio: the divisor is not above zero") }
        guard let ratio = JSONNumber(median.double / divisor.double) else {
            return .unreadable("no ratio: the numbers are too large to divide")
        }
        return .value(.number(ratio))
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
