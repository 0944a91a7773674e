import Scenario

/// Values that no output of a run may show: those known before it, and those each virtual user captures or sends.
struct RunSecrets: Sendable {
    private let known: Secrets
    private let captured: [String]
    /// Requests that may contain credentials, which are secret even if not declared so.
    private let credentials: [RequestTemplate]

    init(_ known: Secrets, requests: [RequestStep]) {
        self.known = known.branch()
        captured = requests.flatMap(\.captures).filter(\.isSecret).map(\.name)
        credentials = requests.map(\.request).filter { template in
            if case .basic = template.authorization { return true }
            return !template.url.expressions.isEmpty
        }
    }

    /// The secrets that a user's request or response may contain.
    /// - Parameters:
    ///   - scope: the scope that the request was rendered in.
    ///   - fresh: the values captured from the response.
    func all(in scope: Scope, fresh: UserVariables.Values = [:]) -> Secrets {
        var secrets = known.branch()
        for name in captured {
            // A server may still send the old value along with the new one.
            for values in [scope.variables, fresh] {
                if let value = values[name] { secrets.insert(value) }
            }
        }
        for template in credentials { secrets.insert(credentialsOf: template, in: scope) }
        return secrets
    }
}
