/// The result of a step's checks on one response. Trivially copyable, so that it can be remembered.
package struct Verdict: Hashable, Sendable {
    /// Bit i is set if the response belongs to the plan's class i.
    package var classes: UInt64
    /// Bit i is set if the step's assertion i fails.
    package var failures: UInt64

    package static let widest = 64

    package init(classes: UInt64 = 0, failures: UInt64 = 0) {
        self.classes = classes
        self.failures = failures
    }
}

/// Evaluates responses in full. Called only for responses whose verdict is not remembered.
package protocol ResponseJudge: Sendable {
    /// The verdict on a response to step number `step`.
    /// - Parameter captured: receives the values that the step captures from the response, by name.
    func judge(
        _ response: borrowing ReceivedResponse, step: Int, iteration: UserIteration,
        captured: inout UserVariables.Values
    ) -> Verdict

    /// Explains why assertion number `assertion` of the step fails on this response: expected and actual.
    func explain(_ response: borrowing ReceivedResponse, step: Int, iteration: UserIteration, assertion: Int) -> String
}
