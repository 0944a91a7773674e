import ScenarioRunner

/// What every virtual user does, compiled. Constant for the run and shared by all threads.
package struct LoadPlan: Sendable {
    /// The server's address, resolved once.
    package var target: SocketAddress
    /// Nil for plain connections.
    package var tls: TLSContext?
    /// The steps of one iteration, in order.
    package var steps: [PlannedStep]
    /// The names of the response classes, in the order of the bits of ``Verdict/classes``.
    package var classes: [String]
    package var judge: any ResponseJudge
    /// The initial variables of each virtual user, by number; empty if users have none of their own.
    package var userVariables: [UserVariables]
    /// The cookies from setup: one jar per virtual user, or one shared by all; empty if there are none.
    package var cookies: [CookieJar] = []
    /// What the slots of compiled requests can use besides the users' variables.
    var sources: RunScope?
    /// The rows of data of which a user takes another in each iteration; nil if users keep theirs.
    var popularRows: PopularRows?
    /// Whether a virtual user obeys `Retry-After` when a response has status 429, and sends its request again.
    var waitsWhenDenied = false

    package init(
        target: SocketAddress, tls: TLSContext? = nil, steps: [PlannedStep], classes: [String],
        judge: any ResponseJudge, userVariables: [UserVariables] = []
    ) {
        self.target = target
        self.tls = tls
        self.steps = steps
        self.classes = classes
        self.judge = judge
        self.userVariables = userVariables
    }

    /// The connections that a virtual user needs: one, plus one for each branch of the widest `parallel`.
    var connectionsPerUser: Int {
        steps.reduce(1) { widest, step in
            switch step.action {
            case .parallel(let count), .burst(_, let count): max(widest, 1 + count)
            case .exchange, .pause: widest
            }
        }
    }

    /// Whether virtual users have variables of their own.
    var keepsVariables: Bool {
        !userVariables.isEmpty || steps.contains(where: \.captures)
    }
}

package struct PlannedStep: Sendable {
    package enum Action: Sendable {
        case exchange(PlannedRequest)
        /// Think time.
        case pause(Nanoseconds)
        /// The next `count` steps run concurrently, each on its own connection.
        case parallel(count: Int)
        /// The next step runs `count` times, on this many connections at once.
        case burst(count: Int, connections: Int)
    }

    package var id: String
    package var action: Action
    /// How many times the step runs in a row; at least 1.
    package var repeats: Int
    /// The assertions on its responses, in the order of the bits of ``Verdict/failures``.
    package var assertions: [PlannedAssertion]
    /// The header fields that its checks mention.
    package var interest: HeaderInterest
    /// Whether the same bytes always get the same verdict. False if a check depends on the user or the iteration.
    package var isMemoisable: Bool
    /// Whether values are captured from its responses into the user's variables.
    package var captures: Bool
    /// The checks of its responses in a form that needs no parsing; nil if only the plan's judge can evaluate them.
    var compiledChecks: CompiledChecks?

    package init(
        id: String, action: Action, repeats: Int = 1, assertions: [PlannedAssertion] = [],
        interest: HeaderInterest = HeaderInterest([]), isMemoisable: Bool = true, captures: Bool = false
    ) {
        self.id = id
        self.action = action
        self.repeats = repeats
        self.assertions = assertions
        self.interest = interest
        self.isMemoisable = isMemoisable
        self.captures = captures
    }
}

/// An assertion on every response of a step.
package struct PlannedAssertion: Equatable, Sendable {
    /// A description of the assertion.
    package var text: String
    /// Where it is written: `file:line:column`.
    package var place: String

    package init(text: String, place: String = "") {
        self.text = text
        self.place = place
    }
}

package struct PlannedRequest: Sendable {
    package enum Bytes: Sendable {
        /// The same in every iteration: head and body as sent.
        case constant([UInt8])
        /// Rendered once per user, and again when the user's variables change.
        case perUser(any RequestRenderer)
        /// Rendered again in every iteration.
        case rendered(any RequestRenderer)
    }

    package var bytes: Bytes
    /// Whether the method means that the response has no body (HEAD).
    package var isBodiless: Bool
    /// Whether sending the request twice has the same effect as sending it once (RFC 9110 section 9.2.2).
    package var isIdempotent: Bool
    /// The maximum time until the response is complete.
    package var timeout: Duration
    /// The maximum size of the response's body, in bytes.
    package var bodyLimit: Int
    /// The request in a form that needs no rendering; nil if it is constant or only its renderer can render it.
    var compiled: CompiledRequest?

    package init(
        bytes: Bytes, isBodiless: Bool = false, isIdempotent: Bool = false, timeout: Duration = .seconds(30),
        bodyLimit: Int = 16 << 20
    ) {
        self.bytes = bytes
        self.isBodiless = isBodiless
        self.isIdempotent = isIdempotent
        self.timeout = timeout
        self.bodyLimit = bodyLimit
    }
}

/// Renders a request that differs between iterations.
package protocol RequestRenderer: Sendable {
    /// Appends the request's head and body to `buffer`, which its thread reuses.
    /// - Throws: why the request cannot be rendered; this counts as an error of the step.
    func render(into buffer: inout [UInt8], iteration: UserIteration) throws(ExchangeFailure)
}
