extension Scenario {
    /// What is secret at the start of a run: the values in use, and what the files say themselves, whichever value is
    /// in use.
    ///
    /// - Parameter variables: their values.
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

    /// What is declared secret anywhere, in any block or by a capture, is so everywhere.
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
        case .parallel(let steps): steps.flatMap(\.secretCaptures)
        case .sleep, .call: []
        }
    }

    /// Passwords that stand in the file without being declared, and what it gives to a secret of another file.
    fileprivate func addSecrets(to secrets: inout Secrets) {
        switch action {
        case .sleep: break
        case .parallel(let steps): for step in steps { step.addSecrets(to: &secrets) }
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
    /// Adds the credentials that a request is sent with without anybody having declared them.
    package mutating func insert(
        credentialsOf request: Request, from template: RequestTemplate, in scope: Scope
    ) throws(TemplateError) {
        insert(passwordIn: request.target)
        guard case .basic(_, let password) = template.authorization else { return }
        insert(try password.text(scope))
        // Name and password are encoded together, so that neither's own base64 is found in them.
        for value in request.headers.values(of: "Authorization") where value.hasPrefix("Basic ") {
            insert(String(value.dropFirst(6)))
        }
    }

    /// Adds the credentials that a request is sent with in a scope, without rendering the rest of it. Those that change
    /// with each rendering cannot be known here.
    package mutating func insert(credentialsOf template: RequestTemplate, in scope: Scope) {
        if template.url.isPure, let url = try? template.url.text(scope) { insert(passwordIn: url) }
        guard case .basic(let username, let password) = template.authorization, password.isPure,
            let word = try? password.text(scope)
        else { return }
        insert(word)
        guard username.isPure, let name = try? username.text(scope) else { return }
        insert(Encoding.base64(Array("\(name):\(word)".utf8)))
    }

    /// Adds the password of a URL that has one: `http://user:password@host/`.
    package mutating func insert(passwordIn url: String) {
        if let userinfo = Userinfo(of: url) { insert(userinfo) }
    }

    /// Adds a password, also as it is sent.
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
        // What is made of other values is not known here; the value in use is.
        case .template: break
        case .array(let elements): for element in elements { insert(constantsOf: element) }
        case .object(let members): for member in members { insert(constantsOf: member.value) }
        }
    }
}
