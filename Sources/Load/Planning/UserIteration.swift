/// The virtual user and iteration of a request: what templates in requests and expectations may depend on.
package struct UserIteration: Equatable, Sendable {
    /// The virtual user's number across all threads, starting at 0.
    package var user: Int
    /// How many iterations the user began before this one.
    package var number: Int
    /// The user's own variables, which add to and override the run's.
    package var variables: UserVariables.Values

    package init(user: Int, number: Int, variables: UserVariables.Values = [:]) {
        self.user = user
        self.number = number
        self.variables = variables
    }
}
