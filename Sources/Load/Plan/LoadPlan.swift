/// What every virtual user does, compiled: constant for the run and shared by all threads.
package struct LoadPlan: Sendable {
    /// The server, looked up once.
    package var target: SocketAddress
    /// Nil for plain connections.
    package var tls: TLSContext?
    /// One iteration, in order.
    package var steps: [PlannedStep]
    /// Names of the classes that responses may belong to, the bits of ``Verdict/classes``.
    package var classes: [String]
    package var judge: any ResponseJudge
    /// The variables that each virtual user begins with, by its number; empty where none has any of its own.
    package var userVariables: [UserVariables]
    /// The cookies that the setup has brought: for each virtual user, or the same for all; empty where there are none.
    package var cookies: [CookieJar] = []

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

    /// Connections that a virtual user needs: one, and one for each step of the widest `parallel`.
    var connectionsPerUser: Int {
        steps.reduce(1) { widest, step in
            if case .parallel(let count) = step.action { max(widest, 1 + count) } else { widest }
        }
    }

    /// Whether virtual users keep values of their own.
    var keepsVariables: Bool {
        !userVariables.isEmpty || steps.contains(where: \.captures)
    }
}

package struct PlannedStep: Sendable {
    package enum Action: Sendable {
        case exchange(PlannedRequest)
        /// Think time.
        case pause(Nanoseconds)
        /// The `count` steps that follow, at once, each on a connection of its own.
        case parallel(count: Int)
    }

    package var id: String
    package var action: Action
    /// How many times in a row, at least once.
    package var repeats: Int
    /// What is asserted of its responses, the bits of ``Verdict/failures``.
    package var assertions: [PlannedAssertion]
    /// The header fields that its checks mention.
    package var interest: HeaderInterest
    /// Whether the same bytes always get the same verdict. Not so where a check depends on the user or the iteration.
    package var isMemoisable: Bool
    /// Whether values are taken from its responses into the user's variables.
    package var captures: Bool

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

/// Something asserted of every response of a step.
package struct PlannedAssertion: Equatable, Sendable {
    /// In words.
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
        /// The same at every turn: head and body as they go out.
        case constant([UInt8])
        /// Written for each user, and again when the user's variables have changed.
        case perUser(any RequestRenderer)
        /// Written anew for every turn.
        case rendered(any RequestRenderer)
    }

    package var bytes: Bytes
    /// Whether the method leaves the answer without a body (HEAD).
    package var isBodiless: Bool
    /// Whether sending it again does no more than sending it once (RFC 9110 section 9.2.2).
    package var isIdempotent: Bool
    /// How long its answer may take.
    package var timeout: Duration
    /// Bytes of its answer's body at most.
    package var bodyLimit: Int

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

/// Writes a request that differs from turn to turn.
package protocol RequestRenderer: Sendable {
    /// Appends the request's head and body to `buffer`, which its thread reuses.
    /// - Throws: why the request cannot be written at this turn; it counts as an error of the step.
    func render(into buffer: inout [UInt8], turn: Turn) throws(ExchangeFailure)
}
