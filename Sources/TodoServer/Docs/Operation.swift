import NIOHTTP1

/// What there is to say about a route: the one source of its description in `/openapi.json`.
package struct Operation: Sendable {
    /// A body and the name of its schema.
    package enum Body: Sendable {
        case form(String)
        case json(String)
    }

    package var summary: String
    package var body: Body?
    package var success: HTTPResponseStatus = .ok
    /// The name of the answer's schema.
    package var answer: String
    package var isAuthenticated = false
    package var isLimited = false

    /// The statuses that may come instead of success, each for a reason that the fields above tell.
    var failures: [HTTPResponseStatus] {
        var failures: [HTTPResponseStatus] = []
        if isAuthenticated || body.isForm { failures.append(.unauthorized) }
        if body != nil { failures += [.payloadTooLarge, .unsupportedMediaType, .unprocessableEntity] }
        if isLimited { failures.append(.tooManyRequests) }
        return failures + [.serviceUnavailable]
    }
}

extension Operation.Body? {
    fileprivate var isForm: Bool { if case .form = self { true } else { false } }
}
