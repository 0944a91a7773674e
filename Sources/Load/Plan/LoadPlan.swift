/// What every virtual user does, compiled: constant for the run and shared by all threads.
package struct LoadPlan: Sendable {
    /// The server, looked up once.
    package var target: SocketAddress
    /// One iteration, in order.
    package var steps: [PlannedStep]
    /// Names of the classes that responses may belong to, the bits of ``Verdict/classes``.
    package var classes: [String]
    package var judge: any ResponseJudge

    package init(target: SocketAddress, steps: [PlannedStep], classes: [String], judge: any ResponseJudge) {
        self.target = target
        self.steps = steps
        self.classes = classes
        self.judge = judge
    }
}

package struct PlannedStep: Sendable {
    package enum Action: Sendable {
        case exchange(PlannedRequest)
        /// Think time.
        case pause(Nanoseconds)
    }

    package var id: String
    package var action: Action
    /// How many times in a row, at least once.
    package var repeats: Int
    /// What is asserted of its responses, in words, the bits of ``Verdict/failures``.
    package var assertions: [String]
    /// The header fields that its checks mention.
    package var interest: HeaderInterest
    /// Whether the same bytes always get the same verdict. Not so where a check depends on the user or the iteration.
    package var isMemoisable: Bool

    package init(
        id: String, action: Action, repeats: Int = 1, assertions: [String] = [],
        interest: HeaderInterest = HeaderInterest([]), isMemoisable: Bool = true
    ) {
        self.id = id
        self.action = action
        self.repeats = repeats
        self.assertions = assertions
        self.interest = interest
        self.isMemoisable = isMemoisable
    }
}

package struct PlannedRequest: Sendable {
    package enum Bytes: Sendable {
        /// The same at every turn: head and body as they go out.
        case constant([UInt8])
        /// Written anew for every turn.
        case rendered(any RequestRenderer)
    }

    package var bytes: Bytes
    /// Whether the method leaves the answer without a body (HEAD).
    package var isBodiless: Bool

    package init(bytes: Bytes, isBodiless: Bool = false) {
        self.bytes = bytes
        self.isBodiless = isBodiless
    }
}

/// Writes a request that differs from turn to turn.
package protocol RequestRenderer: Sendable {
    /// Appends the request's head and body to `buffer`, which its thread reuses.
    func render(into buffer: inout [UInt8], turn: Turn)
}
