import Scenario

/// What no output of a run may show: what is known before it, and what each virtual user captures or sends.
struct RunSecrets: Sendable {
    private let known: Secrets
    private let captured: [String]
    /// Requests with a password that nobody has declared secret.
    private let credentials: [RequestTemplate]

    init(_ known: Secrets, requests: [RequestStep]) {
        self.known = known.branch()
        captured = requests.flatMap(\.captures).filter(\.isSecret).map(\.name)
        credentials = requests.map(\.request).filter { template in
            if case .basic = template.authorization { return true }
            return !template.url.expressions.isEmpty
        }
    }

    /// The secrets that a user's request or response may show.
    /// - Parameters:
    ///   - scope: what the request was written from.
    ///   - fresh: what has been captured from the response.
    func all(in scope: Scope, fresh: UserVariables.Values = [:]) -> Secrets {
        var secrets = known.branch()
        for name in captured {
            // A server may repeat the old value while it gives a new one.
            for values in [scope.variables, fresh] {
                if let value = values[name] { secrets.insert(value) }
            }
        }
        for template in credentials { secrets.insert(credentialsOf: template, in: scope) }
        return secrets
    }
}
