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
        /// Steps at once.
        case parallel([Step])
        case call(CallStep)
    }
}

/// The steps of another file, run where the call stands.
package struct CallStep: Sendable {
    package var scenario: Scenario
    package var parameters: [(name: String, value: TemplateValue)]
    /// Variables of the file that are taken over when it is done.
    package var outputs: [String]
    /// Whether its steps run once in a whole run, for all that call the file with the same parameters.
    package var isOnce: Bool
    package var range: Range<Int>
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
    /// How often a request is sent again after a transport error.
    package var retries: Int
    /// Steps, and how long ago each may have begun for a failure to count.
    package var within: [Limit]

    /// A time after which nothing can be told any more.
    package struct Limit: Sendable {
        package var step: String
        package var duration: Duration
        /// The step's name in the file, as byte offsets.
        package var range: Range<Int>
    }

    package enum Repetition: Sendable {
        case once
        /// One after another.
        case `repeat`(count: Int)
        /// Released together from a barrier.
        case burst(count: Int, concurrency: Int)
        /// Until a response shows what is waited for.
        case poll(Poll)

        /// How many requests, where that is known.
        package var count: Int {
            switch self {
            case .once, .poll: 1
            case .repeat(let count), .burst(let count, _): count
            }
        }
    }
}

/// Waiting for a condition by asking again.
package struct Poll: Sendable {
    package var until: Expectation
    package var interval: Duration
    package var timeout: Duration
}

/// A value taken from a response, for later steps.
package struct Capture: Sendable {
    package var name: String
    package var query: Query
    /// Its first group, or all that it matches, is what is taken.
    package var match: RegularExpression?
    package var isSecret: Bool
    package var range: Range<Int>

    /// What it takes of what was found; nil where there is nothing to take, as where a path matches nothing.
    package func value(of observed: Observed) -> JSON? {
        guard observed.isPresent else { return nil }
        guard let match else { return observed.value }
        return observed.value.flatMap { match.capture(in: $0.templateText) }.map(JSON.string)
    }
}
