/// A request with `{{…}}` still in it.
package struct RequestTemplate: Sendable {
    package var method: Template
    package var url: Template
    package var query: [(name: String, value: TemplateValue)]
    package var headers: [(name: String, value: Template)]
    package var authorization: Authorization?
    package var body: Body?
    package var timeout: Duration
    package var range: Range<Int>

    package enum Authorization: Sendable {
        /// RFC 6750.
        case bearer(Template)
        /// RFC 7617.
        case basic(username: Template, password: Template)
    }

    package enum Body: Sendable {
        /// `application/x-www-form-urlencoded`.
        case form([(name: String, value: TemplateValue)])
        case json(TemplateValue)
        case text(Template)
    }

    package static let defaultTimeout = Duration.seconds(30)
}

/// A request as it is sent.
package struct Request: Hashable, Sendable {
    package var method: String
    /// As written in the scenario: a path, or a whole URL.
    package var target: String
    package var headers: [Header]
    package var body: [UInt8]?
    package var timeout: Duration

    package init(
        method: String = "GET", target: String, headers: [Header] = [], body: [UInt8]? = nil,
        timeout: Duration = RequestTemplate.defaultTimeout
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// A header field.
package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [Header] {
    /// The values of all fields of a name; names are compared without case (RFC 9110 §5.1).
    package func values(of name: String) -> [String] {
        lazy.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}
