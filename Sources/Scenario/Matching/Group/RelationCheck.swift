/// Checks how the values relate to each other.
struct RelationCheck: GroupCheck {
    enum Relation {
        case allEqual(first: Observed?)
        case distinct(Set<JSON>)
        case increasing(last: Observed?)

        fileprivate var name: String {
            switch self {
            case .allEqual: "all equal"
            case .distinct: "all distinct"
            case .increasing: "increasing"
            }
        }

        /// Adds a value.
        /// - Returns: whether the relation holds between it and the values before.
        fileprivate mutating func add(_ observed: Observed) -> Bool {
            switch self {
            case .allEqual(nil):
                self = .allEqual(first: observed)
                return true
            case .allEqual(let first?): return first.value == observed.value
            case .distinct(var values):
                // Empties the case, so that the set is not copied.
                self = .distinct([])
                defer { self = .distinct(values) }
                return values.insert(observed.value ?? .null).inserted
            case .increasing(let last):
                self = .increasing(last: observed)
                guard let last else { return observed.value != nil }
                return observed.value.flatMap { last.value?.order(to: $0) } == -1
            }
        }
    }

    private let subject: GroupSubject
    private var relation: Relation
    private let isExpected: Bool
    private var count = 0
    private var breach: GroupBreach?
    private var absence: GroupBreach?

    init(_ subject: GroupSubject, _ relation: Relation, isExpected: Bool) {
        self.subject = subject
        self.relation = relation
        self.isExpected = isExpected
    }

    mutating func add(_ observed: Observed, in scope: Scope) {
        count += 1
        let holds = relation.add(observed)
        guard !holds && breach == nil || observed.value == nil && absence == nil else { return }
        let found = GroupBreach(place: count, text: subject.words(in: scope).text(of: observed))
        if !holds, breach == nil { breach = found }
        if observed.value == nil, absence == nil { absence = found }
    }

    func mismatches(in scope: Scope) -> [Mismatch] {
        // A missing value is not equal to another: if any is missing, no comparison between values holds.
        if let absence { return [subject.mismatch(expected: "a value in every response", actual: absence.sentence)] }
        guard isExpected != (breach == nil) else { return [] }
        var actual = breach?.sentence ?? "they all are"
        if case .allEqual(let first?) = relation {
            actual += ", the first has \(subject.words(in: scope).text(of: first))"
        }
        return [
            subject.mismatch(
                expected: "\(isExpected ? "" : "not ")\(relation.name), over \(count) responses", actual: actual)
        ]
    }
}
