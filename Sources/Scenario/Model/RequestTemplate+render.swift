extension RequestTemplate {
    /// The request with every `{{…}}` replaced.
    package func render(_ scope: Scope) throws(TemplateError) -> Request {
        var fields: [Header] = []
        for header in headers { fields.append(Header(header.name, try header.value.text(scope))) }
        if let authorization, fields.values(of: "Authorization").isEmpty {
            fields.append(Header("Authorization", try authorization.value(scope)))
        }
        let body = try self.body?.render(scope)
        if let body, fields.values(of: "Content-Type").isEmpty {
            fields.append(Header("Content-Type", body.contentType))
        }
        return Request(
            method: try method.text(scope), target: try target(scope), headers: fields, body: body?.bytes,
            timeout: timeout)
    }

    private func target(_ scope: Scope) throws(TemplateError) -> String {
        let target = try url.text(scope)
        guard !query.isEmpty else { return target }
        return target + (target.contains("?") ? "&" : "?") + (try Self.urlEncoded(query, scope))
    }

    /// `application/x-www-form-urlencoded` (WHATWG URL section 5). An array gives a field for each element.
    fileprivate static func urlEncoded(
        _ fields: [(name: String, value: TemplateValue)], _ scope: Scope
    ) throws(TemplateError) -> String {
        var pairs: [String] = []
        for field in fields {
            let value = try field.value.render(scope)
            let values = if case .array(let elements) = value { elements } else { [value] }
            for value in values {
                pairs.append("\(Encoding.percent(field.name))=\(Encoding.percent(value.templateText))")
            }
        }
        return pairs.joined(separator: "&")
    }
}

extension RequestTemplate.Authorization {
    fileprivate func value(_ scope: Scope) throws(TemplateError) -> String {
        switch self {
        case .bearer(let token): return "Bearer \(try token.text(scope))"
        case .basic(let username, let password):
            let credentials = "\(try username.text(scope)):\(try password.text(scope))"
            return "Basic \(Encoding.base64(Array(credentials.utf8)))"
        }
    }
}

extension RequestTemplate.Body {
    fileprivate func render(_ scope: Scope) throws(TemplateError) -> (bytes: [UInt8], contentType: String) {
        switch self {
        case .form(let fields):
            let text = try RequestTemplate.urlEncoded(fields, scope)
            return (Array(text.utf8), "application/x-www-form-urlencoded")
        case .json(let value): return (Array(try value.render(scope).serialized().utf8), "application/json")
        case .text(let text): return (Array(try text.text(scope).utf8), "text/plain; charset=utf-8")
        }
    }
}
