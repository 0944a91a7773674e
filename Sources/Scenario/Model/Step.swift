/// One action, and what must hold afterwards.
package struct Step: Sendable {
    package var id: String
    package var action: Action
    /// How many times to run a step that contains steps, if the file says so. A request's is in its action.
    package var repetitions: Int?
    /// Byte offsets of the step in the file.
    package var range: Range<Int>
    /// Byte offsets of its `id`, for diagnostics about the step as a whole.
    package var idRange: Range<Int>

    /// Maximum of ``repetitions``.
    package static let maximumRepetitions = 10_000

    package enum Action: Sendable {
        case request(RequestStep)
        case sleep(Duration)
        /// Steps that run at the same time.
        case parallel([Step])
        /// Steps that run one after another.
        case group([Step])
        case call(CallStep)
    }
}

/// The steps of another file, run at this point.
package struct CallStep: Sendable {
    package var scenario: Scenario
    package var parameters: [(name: String, value: TemplateValue)]
    /// Variables to copy from the file when it is done.
    package var outputs: [String]
    /// Whether the steps run only once in a whole run, shared by all calls of the file with the same parameters.
    package var isOnce: Bool
    package var range: Range<Int>
}

/// A request, how often to send it, and what its responses must show.
package struct RequestStep: Sendable {
    package var request: RequestTemplate
    package var repetition: Repetition
    /// Conditions on every response.
    package var expectation: Expectation
    /// Conditions on all responses together.
    package var groupExpectation: GroupExpectation
    package var captures: [Capture]
    /// Maximum number of retries after a transport error.
    package var retries: Int
    /// Time limits since the start of steps, after which a failure no longer counts.
    package var within: [Limit]

    /// A time limit after which a failure proves nothing.
    package struct Limit: Sendable {
        package var step: String
        package var duration: Duration
        /// Byte offsets of the step's name in the file.
        package var range: Range<Int>
    }

    package enum Repetition: Sendable {
        case once
        /// One after another.
        case `repeat`(count: Int)
        /// Released together from a barrier.
        case burst(count: Int, concurrency: Int)
        /// Repeats until a response meets a condition.
        case poll(Poll)

        /// Number of requests, if known in advance.
        package var count: Int {
            switch self {
            case .once, .poll: 1
            case .repeat(let count), .burst(let count, _): count
            }
        }
    }
}

/// Sends a request again until a condition holds.
package struct Poll: Sendable {
    package var until: Expectation
    package var interval: Duration
    package var timeout: Duration
}

/// A value taken from a response, for later steps.
package struct Capture: Sendable {
    package var name: String
    package var query: Query
    /// Takes the first group, or the whole match if there is no group.
    package var match: RegularExpression?
    package var isSecret: Bool
    package var range: Range<Int>

    /// The captured value, or nil if there is none, for example if the path matches nothing.
    package func value(of observed: Observed) -> JSON? {
        guard observed.isPresent else { return nil }
        guard let match else { return observed.value }
        return observed.value.flatMap { match.capture(in: $0.templateText) }.map(JSON.string)
    }
}
