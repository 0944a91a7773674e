extension LoadResult {
    package var bytes: Int { steps.reduce(0) { $0 + $1.all.bytes } }

    package var statuses: [Int: Int] {
        steps.reduce(into: [:]) { $0.merge($1.statuses, uniquingKeysWith: +) }
    }

    package func count(ofStatus status: Int) -> Int { statuses[status, default: 0] }

    /// Responses of a class over all steps.
    package func count(ofClass name: String) -> Int? {
        classes.firstIndex(of: name).map { index in steps.reduce(0) { $0 + $1.classes[index].count } }
    }

    /// The class by this name is taken for answers from a cache.
    package static var hitClass: String { "hit" }

    package var hits: Int? { count(ofClass: Self.hitClass) }

    /// Responses a second, without those that came after the end of the measurement.
    package var rate: Double { steps.reduce(0) { $0 + $1.all.rate } }

    package var unfinished: [UnfinishedReason: Int] {
        steps.reduce(into: [:]) { $0.merge($1.unfinished, uniquingKeysWith: +) }
    }

    /// Whether any step asserts anything.
    package var hasAssertions: Bool { steps.contains { $0.assertions > 0 } }

    /// Whether any response was held against an assertion.
    package var wasChecked: Bool { steps.contains { $0.assertions > 0 && $0.all.count > 0 } }

    package var errorTallies: [ErrorKind: Tally] {
        steps.reduce(into: [:]) { sum, step in
            sum.merge(step.errors) { Tally(count: $0.count + $1.count, example: $0.example) }
        }
    }
}
