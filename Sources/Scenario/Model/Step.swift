/// One thing to do, and what must come of it.
package struct Step: Sendable {
    package var id: String
    package var action: Action
    /// The step's own text in the file.
    package var range: Range<Int>
    /// The text of its `id`, for diagnostics about the step as a whole.
    package var idRange: Range<Int>

    package enum Action: Sendable {
        case request(RequestStep)
        case sleep(Duration)
    }
}

/// A request, how often it is sent, and what its responses must show.
package struct RequestStep: Sendable {
    package var request: RequestTemplate
    package var repetition: Repetition
    /// Of every response.
    package var expectation: Expectation
    /// Of all responses together.
    package var groupExpectation: GroupExpectation
    package var captures: [Capture]

    package enum Repetition: Hashable, Sendable {
        case once
        /// One after another.
        case `repeat`(count: Int)
        /// Released together from a barrier.
        case burst(count: Int, concurrency: Int)

        package var count: Int {
            switch self {
            case .once: 1
            case .repeat(let count), .burst(let count, _): count
            }
        }
    }
}

/// A value taken from a response, for later steps.
package struct Capture: Sendable {
    package var name: String
    package var query: Query
    package var isSecret: Bool
    package var range: Range<Int>
}
