/// Checks the first or the last value.
struct EndCheck: GroupCheck {
    enum End: String {
        case first, last
    }

    private let subject: GroupSubject
    private let end: End
    private let matcher: Matcher
    private var observed: Observed?

    init(_ subject: GroupSubject, _ end: End, _ matcher: Matcher) {
        self.subject = subject
        self.end = end
        self.matcher = matcher
    }

    mutating func add(_ observed: Observed, in scope: Scope) {
        if end == .last || self.observed == nil { self.observed = observed }
    }

    func mismatches(in scope: Scope) throws(TemplateError) -> [Mismatch] {
        try subject.mismatches(
            of: observed ?? .missing, matcher, named: " of the \(end.rawValue) response", in: scope)
    }
}
