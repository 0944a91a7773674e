import NIOHTTP1

/// A route's documentation, from which `/openapi.json` describes it.
package struct Operation: Sendable {
    /// The request body's encoding, with the name of its schema.
    package enum Body: Sendable {
        case form(String)
        case json(String)
    }

    package var summary: String
    package var body: Body?
    package var success: HTTPResponseStatus = .ok
    /// The name of the response's schema; nil for a response without a body.
    package var answer: String?
    /// The media type of a successful response.
    package var mediaType = "application/json"
    package var isAuthenticated = false
    package var isLimited = false
    /// The schema of the 503 response, if it can be other than `Problem`.
    package var unavailableAnswer: String?
    /// Failures that the other properties do not imply.
    package var otherFailures: [HTTPResponseStatus] = []

    /// The statuses other than `success` that the route can return.
    /// - Parameter hasParameter: whether the path has a variable segment, which adds 404.
    func failures(hasParameter: Bool) -> [HTTPResponseStatus] {
        // Any route can return these.
        var failures =
            otherFailures + [.badRequest, .requestTimeout, .requestHeaderFieldsTooLarge, .internalServerError]
        if isAuthenticated || body.isForm { failures.append(.unauthorized) }
        if body != nil { failures += [.payloadTooLarge, .unsupportedMediaType, .unprocessableEntity] }
        if hasParameter { failures.append(.notFound) }
        if isLimited { failures.append(.tooManyRequests) }
        return (failures + [.serviceUnavailable]).sorted { $0.code < $1.code }
    }
}

extension Operation.Body? {
    fileprivate var isForm: Bool { if case .form = self { true } else { false } }
}
