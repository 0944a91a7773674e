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
    /// The name of the answer's schema; nil for an answer without a body.
    package var answer: String?
    /// The answer's media type.
    package var mediaType = "application/json"
    package var isAuthenticated = false
    package var isLimited = false
    /// The schema of the answer that it cannot serve now, where that is more than a problem.
    package var unavailableAnswer: String?
    /// Failures that the other fields do not imply.
    package var otherFailures: [HTTPResponseStatus] = []

    /// The statuses that may come instead of success, each for a reason that the fields above tell.
    /// - Parameter hasParameter: whether the path has a variable segment, which may name nothing.
    func failures(hasParameter: Bool) -> [HTTPResponseStatus] {
        // What may be wrong with any request, and with any server.
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
