import Scenario

extension Scope {
    /// Renders a request. Its credentials become secrets.
    package mutating func request(_ template: RequestTemplate) throws(TemplateError) -> Request {
        let request = try template.render(self)
        try secrets.insert(credentialsOf: request, from: template, in: self)
        return request
    }

    /// Renders the parameters of a call. Those derived from secrets become secrets: the called file may not declare
    /// them as such.
    ///
    /// - Parameter scenario: the file that makes the call.
    mutating func parameters(of call: CallStep, in scenario: Scenario) throws(TemplateError) -> [String: JSON] {
        let secretVariables = SecretVariables(of: scenario)
        var parameters: [String: JSON] = [:]
        for parameter in call.parameters {
            let value = try parameter.value.render(self)
            secretVariables.insert(value, madeBy: parameter.value, into: &secrets)
            parameters[parameter.name] = value
        }
        return parameters
    }
}
