/// What the checks of a step say of one response: trivially copied, so that it can be remembered.
package struct Verdict: Hashable, Sendable {
    /// Bit i is set where the response belongs to the plan's class i.
    package var classes: UInt64
    /// Bit i is set where the step's assertion i fails.
    package var failures: UInt64

    package static let widest = 64

    package init(classes: UInt64 = 0, failures: UInt64 = 0) {
        self.classes = classes
        self.failures = failures
    }
}

/// Evaluates responses in full. It is asked about bytes that have not been seen often enough to be remembered.
package protocol ResponseJudge: Sendable {
    /// The verdict on a response to step number `step`.
    /// - Parameter captured: where the values that the step takes from the response are put, by their names.
    func judge(
        _ response: borrowing ReceivedResponse, step: Int, turn: Turn, captured: inout UserVariables.Values
    ) -> Verdict

    /// In words why assertion number `assertion` of the step fails on this response: expected and actual.
    func explain(_ response: borrowing ReceivedResponse, step: Int, turn: Turn, assertion: Int) -> String
}

/// Whose request it is: what a request's or an expectation's templates may depend on.
package struct Turn: Equatable, Sendable {
    /// The virtual user's number, from 0 on, over all threads.
    package var user: Int
    /// How many iterations the user has begun before this one.
    package var iteration: Int
    /// What the user has for itself, beside the run's variables.
    package var variables: UserVariables.Values

    package init(user: Int, iteration: Int, variables: UserVariables.Values = [:]) {
        self.user = user
        self.iteration = iteration
        self.variables = variables
    }
}
