extension RequestTemplate {
    /// The request with every `{{…}}` replaced.
    package func render(_ scope: Scope) throws(TemplateError) -> Request {
        var fields: [Header] = []
        for header in headers { fields.append(Header(header.name, try header.value.text(scope))) }
        if let authorization, fields.values(of: "Authorization").isEmpty {
            fields.append(Header("Authorization", try authorization.value(scope)))
        }
        if !cookies.isEmpty {
            var pairs: [String] = []
            for cookie in cookies { pairs.append("\(cookie.name)=\(try cookie.value.text(scope))") }
            fields.append(Header("Cookie", pairs.joined(separator: "; ")))
        }
        let body = try self.body?.render(scope)
        if let body, fields.values(of: "Content-Type").isEmpty {
            fields.append(Header("Content-Type", body.contentType))
        }
        var request = Request(
            method: try method.text(scope), target: try target(scope), headers: fields, body: body?.bytes,
            options: options)
        if case .file(let path) = self.body { request.bodyFile = try path.text(scope) }
        return request
    }

    private func target(_ scope: Scope) throws(TemplateError) -> String {
        // A fragment is never sent (RFC 9110 section 7.1), so a query appended after it would be lost.
        let bytes = try url.text(scope).utf8.prefix { $0 != UInt8(ascii: "#") }
        let target = String(decoding: bytes, as: UTF8.self).urlInASCII
        guard !query.isEmpty else { return target }
        let isOpen = bytes.last.map { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "&") } ?? false
        let separator = !bytes.contains(UInt8(ascii: "?")) ? "?" : isOpen ? "" : "&"
        return target + separator + (try Self.urlEncoded(query, scope))
    }

    /// `application/x-www-form-urlencoded` (WHATWG URL section 5). An array gives one field per element.
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
        case .file(let path):
            return (try scope.context.read(try path.text(scope)), "application/octet-stream")
        case .multipart(let parts): return try Self.multipart(parts, scope)
        }
    }

    /// Multipart form data (RFC 7578), with a random boundary that no content is expected to contain.
    private static func multipart(
        _ parts: [RequestTemplate.Part], _ scope: Scope
    ) throws(TemplateError) -> (bytes: [UInt8], contentType: String) {
        let boundary = "gauntlet-\(Encoding.hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255) }))"
        var bytes: [UInt8] = []
        for part in parts {
            var disposition = "form-data; name=\"\(quoted(part.name))\""
            var contentType = try part.contentType?.text(scope)
            var filename = try part.filename?.text(scope)
            let content: [UInt8]
            switch part.content {
            case .value(let value): content = Array(try value.render(scope).templateText.utf8)
            case .file(let template):
                let path = try template.text(scope)
                content = try scope.context.read(path)
                filename = filename ?? path.split(separator: "/").last.map(String.init)
                contentType = contentType ?? "application/octet-stream"
            }
            if let filename { disposition += "; filename=\"\(quoted(filename))\"" }
            bytes += "--\(boundary)\r\nContent-Disposition: \(disposition)\r\n".utf8
            if let contentType { bytes += "Content-Type: \(contentType)\r\n".utf8 }
            bytes += "\r\n".utf8
            bytes += content
            bytes += "\r\n".utf8
        }
        bytes += "--\(boundary)--\r\n".utf8
        return (bytes, "multipart/form-data; boundary=\(boundary)")
    }

    /// Escapes a name as browsers do (WHATWG HTML, multipart/form-data encoding algorithm).
    private static func quoted(_ name: String) -> String {
        name.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}
