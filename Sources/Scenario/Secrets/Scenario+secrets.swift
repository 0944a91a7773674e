extension Scenario {
    /// The secrets at the start of a run: the values in use, and all values in the files, whether in use or not.
    ///
    /// - Parameter variables: the values in use.
    package func secrets(in variables: [String: JSON] = [:]) -> Secrets {
        var secrets = Secrets()
        let names = secretNames
        SecretVariables(of: self).insert(variables, into: &secrets)
        for variable in declarations where names.contains(variable.name) {
            secrets.insert(constantsOf: variable.source)
        }
        for row in data?.rows ?? [] {
            for column in row where names.contains(column.name) { secrets.insert(constantsOf: column.value) }
        }
        if let proxy = client.proxy { secrets.insert(passwordIn: proxy) }
        for step in setup + steps + teardown { step.addSecrets(to: &secrets) }
        return secrets
    }

    /// Names declared secret anywhere, in any block or by a capture. They are secret everywhere.
    package var secretNames: Set<String> {
        let captured = (setup + steps + teardown).flatMap(\.secretCaptures)
        return Set(declarations.filter(\.isSecret).map(\.name) + captured)
    }

    var declarations: [Variable] { variables + environments.flatMap(\.variables) }
}

extension Step {
    fileprivate var secretCaptures: [String] {
        switch action {
        case .request(let request): request.captures.filter(\.isSecret).map(\.name)
        case .parallel(let steps), .group(let steps): steps.flatMap(\.secretCaptures)
        case .sleep, .call: []
        }
    }

    /// Adds passwords in the file that are not declared, and values that it passes to secret variables of called files.
    fileprivate func addSecrets(to secrets: inout Secrets) {
        switch action {
        case .sleep: break
        case .parallel(let steps), .group(let steps): for step in steps { step.addSecrets(to: &secrets) }
        case .call(let call):
            let names = call.scenario.secretNames
            for parameter in call.parameters where names.contains(parameter.name) {
                secrets.insert(constantsOf: parameter.value)
            }
        case .request(let request):
            if case .basic(_, let password) = request.request.authorization, let text = password.constantText {
                secrets.insert(text)
            }
            for case .text(let text) in request.request.url.parts { secrets.insert(passwordIn: text) }
        }
    }
}

extension Secrets {
    /// Adds the credentials of a request, which are secret even if not declared.
    package mutating func insert(
        credentialsOf request: Request, from template: RequestTemplate, in scope: Scope
    ) throws(TemplateError) {
        insert(passwordIn: request.target)
        guard case .basic(_, let password) = template.authorization else { return }
        insert(try password.text(scope))
        // User name and password are encoded together, so the base64 of either alone does not occur in the result.
        for value in request.headers.values(of: "Authorization") where value.hasPrefix("Basic ") {
            insert(String(value.dropFirst(6)))
        }
    }

    /// Adds the credentials of a request in a scope without rendering the whole request. Credentials that change with
    /// each rendering are not known here.
    package mutating func insert(credentialsOf template: RequestTemplate, in scope: Scope) {
        if template.url.isPure, let url = try? template.url.text(scope) { insert(passwordIn: url) }
        guard case .basic(let username, let password) = template.authorization, password.isPure,
            let word = try? password.text(scope)
        else { return }
        insert(word)
        guard username.isPure, let name = try? username.text(scope) else { return }
        insert(Encoding.base64(Array("\(name):\(word)".utf8)))
    }

    /// Adds the password of a URL, if it has one: `http://user:password@host/`.
    package mutating func insert(passwordIn url: String) {
        if let userinfo = Userinfo(of: url) { insert(userinfo) }
    }

    /// Adds a password, both as it is and as Basic authentication sends it.
    package mutating func insert(_ userinfo: Userinfo) {
        insert(userinfo.password)
        insert(Encoding.base64(Array("\(userinfo.user):\(userinfo.password)".utf8)))
    }

    fileprivate mutating func insert(constantsOf source: Variable.Source) {
        switch source {
        case .value(let value): insert(constantsOf: value)
        case .environment(_, let fallback): if let fallback { insert(constantsOf: fallback) }
        }
    }

    fileprivate mutating func insert(constantsOf value: TemplateValue) {
        switch value {
        case .constant(let constant): insert(constant)
        // The result of a template is not known here; the value in use is added elsewhere.
        case .template: break
        case .array(let elements): for element in elements { insert(constantsOf: element) }
        case .object(let members): for member in members { insert(constantsOf: member.value) }
        }
    }
}
