extension LoadResult {
    package var bytes: Int { steps.reduce(0) { $0 + $1.all.bytes } }

    package var statuses: [Int: Int] {
        steps.reduce(into: [:]) { $0.merge($1.statuses, uniquingKeysWith: +) }
    }

    package func count(ofStatus status: Int) -> Int { statuses[status, default: 0] }

    /// The number of responses in a class, over all steps.
    package func count(ofClass name: String) -> Int? {
        classes.firstIndex(of: name).map { index in steps.reduce(0) { $0 + $1.classes[index].count } }
    }

    /// The class with this name is taken to hold the responses from a cache.
    package static var hitClass: String { "hit" }

    package var hits: Int? { count(ofClass: Self.hitClass) }

    /// Responses per second, excluding those that arrived after the end of the measurement.
    package var rate: Double { steps.reduce(0) { $0 + $1.all.rate } }

    package var unfinished: [UnfinishedReason: Int] {
        steps.reduce(into: [:]) { $0.merge($1.unfinished, uniquingKeysWith: +) }
    }

    /// Whether any step has an assertion.
    package var hasAssertions: Bool { steps.contains { $0.assertions > 0 } }

    /// Whether any response was checked against an assertion.
    package var wasChecked: Bool { steps.contains { $0.assertions > 0 && $0.all.count > 0 } }

    package var errorTallies: [ErrorKind: Tally] {
        steps.reduce(into: [:]) { sum, step in
            sum.merge(step.errors) { Tally(count: $0.count + $1.count, example: $0.example) }
        }
    }
}
