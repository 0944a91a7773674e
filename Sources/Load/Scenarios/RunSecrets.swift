import Scenario

/// What no output of a run may show: what is known before it, and what its steps capture as secret.
struct RunSecrets: Sendable {
    private let known: Secrets
    private let captured: [String]

    init(_ known: Secrets, captures: [Capture]) {
        self.known = known
        captured = captures.filter(\.isSecret).map(\.name)
    }

    /// - Parameter variables: of the user whose request or response it is.
    func all(_ variables: UserVariables.Values) -> Secrets {
        var secrets = known
        for name in captured {
            if let value = variables[name] { secrets.insert(value) }
        }
        return secrets
    }
}
