/// Checks every value, and keeps the first mismatches.
struct EachCheck: GroupCheck {
    private let subject: GroupSubject
    private let matcher: Matcher
    private var count = 0
    private var found: [Mismatch] = []

    /// No response is checked once there are this many mismatches.
    private static let keptMismatches = 8

    init(_ subject: GroupSubject, _ matcher: Matcher) {
        self.subject = subject
        self.matcher = matcher
    }

    mutating func add(_ observed: Observed, in scope: Scope) throws(TemplateError) {
        count += 1
        guard found.count < Self.keptMismatches else { return }
        found += try subject.mismatches(of: observed, matcher, named: " of response \(count)", in: scope)
    }

    func mismatches(in scope: Scope) -> [Mismatch] { found }
}
