/// A request with `{{…}}` not yet replaced.
package struct RequestTemplate: Sendable {
    package var method: Template
    package var url: Template
    package var query: [(name: String, value: TemplateValue)]
    package var headers: [(name: String, value: Template)]
    package var authorization: Authorization?
    package var body: Body?
    package var cookies: [(name: String, value: Template)]
    package var options: RequestOptions
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
        /// The bytes of the file at this path.
        case file(Template)
        /// `multipart/form-data` (RFC 7578).
        case multipart([Part])
    }

    package struct Part: Sendable {
        package var name: String
        package var content: Content
        package var filename: Template?
        package var contentType: Template?

        package enum Content: Sendable {
            case value(TemplateValue)
            case file(Template)
        }
    }
}

/// How an exchange is carried out.
package struct RequestOptions: Hashable, Sendable {
    /// Time limit for the whole exchange.
    package var timeout = Duration.seconds(30)
    /// Maximum number of redirects to follow.
    package var redirects = 0
    /// Whether to accept a compressed body, which is then decompressed.
    package var isCompressed = false
    /// Maximum body size, in bytes.
    package var maxBody = 16 << 20

    package init() {}
}

/// A request, ready to send.
package struct Request: Hashable, Sendable {
    package var method: String
    /// As written in the scenario: a path or a full URL.
    package var target: String
    package var headers: [Header]
    package var body: [UInt8]?
    /// The path of the file that the body was read from, as the scenario gives it.
    package var bodyFile: String?
    package var options: RequestOptions
    /// Length of the body before secrets were masked.
    package var unmaskedLength: Int?

    /// Length of the body as sent, in bytes.
    package var bodyLength: Int { unmaskedLength ?? body?.count ?? 0 }

    package init(
        method: String = "GET", target: String, headers: [Header] = [], body: [UInt8]? = nil,
        options: RequestOptions = RequestOptions()
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.options = options
    }
}

extension Request {
    /// Header fields that every request has by default, in a run and under load alike.
    private static let defaultHeaders = [Header("User-Agent", "gauntlet"), Header("Accept", "*/*")]

    /// The default fields that the scenario does not override.
    package var impliedHeaders: [Header] {
        Self.defaultHeaders.filter { headers.values(of: $0.name).isEmpty }
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

extension Header {
    /// Names are ASCII (RFC 9110 section 5.1), so upper and lower case differ by one bit.
    fileprivate func isNamed(_ other: String) -> Bool {
        let (one, two) = (name.utf8.span, other.utf8.span)
        guard one.count == two.count else { return false }
        for index in one.indices where one[index] != two[index] {
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(one[index] | 0x20)
            guard isLetter, one[index] ^ two[index] == 0x20 else { return false }
        }
        return true
    }
}

extension [Header] {
    /// The values of all fields with a name. Case is ignored (RFC 9110 section 5.1).
    package func values(of name: String) -> [String] {
        lazy.filter { $0.isNamed(name) }.map(\.value)
    }

    /// The values of all fields with a name, joined as one list (RFC 9110 section 5.3).
    func combined(_ name: String) -> String? {
        var list: String?
        for field in self where field.isNamed(name) { list = list.map { "\($0), \(field.value)" } ?? field.value }
        return list
    }
}
