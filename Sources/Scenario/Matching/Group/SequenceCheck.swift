/// Compares the values, in order, with a list.
struct SequenceCheck: GroupCheck {
    private let subject: GroupSubject
    private let expected: [TemplateValue]
    /// At most one value more than expected.
    private var values: [JSON] = []
    private var count = 0
    private var absence: GroupBreach?

    init(_ subject: GroupSubject, _ expected: [TemplateValue]) {
        self.subject = subject
        self.expected = expected
    }

    mutating func add(_ observed: Observed, in scope: Scope) {
        count += 1
        if values.count <= expected.count { values.append(observed.value ?? .null) }
        if observed.value == nil, absence == nil {
            absence = GroupBreach(place: count, text: subject.words(in: scope).text(of: observed))
        }
    }

    func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch] {
        var wanted: [JSON] = []
        for value in expected { wanted.append(try value.render(scope)) }
        guard values == wanted, count == wanted.count else {
            let words = subject.words(in: scope)
            let more = count > values.count ? " and \(count - values.count) more" : ""
            return [
                subject.mismatch(
                    expected: words.literal(of: .array(wanted)), actual: words.literal(of: .array(values)) + more)
            ]
        }
        // A missing value is not an explicit null.
        return absence.map { [subject.mismatch(expected: "a value in every response", actual: $0.sentence)] } ?? []
    }
}
