import NIOHTTP1

/// The errors of HTTP itself and of an overloaded or failing server. Others are defined next to what they are about.
package enum HTTPError: ResponseError {
    case badRequest(StaticString)
    case notFound
    case methodNotAllowed(allowed: [HTTPMethod])
    case requestTimeout
    case contentTooLarge
    case unsupportedMediaType(StaticString)
    case headTooLarge
    case unsupportedTransferCoding
    case invalid([ValidationIssue])
    /// A queue is full, or the database is unavailable. Nothing was done.
    case overloaded(retryAfterSeconds: Int)
    /// A write began and was not confirmed. It may have taken effect, or may yet do so.
    case outcomeUnknown
    case internalError

    package var response: Response {
        switch self {
        case .badRequest(let detail): Response(status: .badRequest, detail: detail)
        case .notFound: Response(status: .notFound, detail: "Not Found")
        case .methodNotAllowed(let allowed):
            Response(
                status: .methodNotAllowed, detail: "Method Not Allowed",
                headers: [.init("Allow", allowed.map(\.rawValue).joined(separator: ", "))])
        case .requestTimeout: Response(status: .requestTimeout, detail: "The request took too long to arrive")
        case .contentTooLarge: Response(status: .payloadTooLarge, detail: "The body is longer than 64 KiB")
        case .unsupportedMediaType(let detail): Response(status: .unsupportedMediaType, detail: detail)
        case .headTooLarge:
            Response(status: .requestHeaderFieldsTooLarge, detail: "The request head is too large")
        case .unsupportedTransferCoding:
            Response(status: .notImplemented, detail: "The only supported transfer coding is chunked")
        case .invalid(let issues): Response(issues: issues)
        case .overloaded(let seconds):
            Response(
                status: .serviceUnavailable, detail: "The server is busy", headers: [.init("Retry-After", "\(seconds)")]
            )
        case .outcomeUnknown:
            Response(status: .gatewayTimeout, detail: "The outcome is unknown: the request may have taken effect")
        case .internalError: Response(status: .internalServerError, detail: "Internal Server Error")
        }
    }
}
