import NIOCore
import NIOHTTP1

/// An error with a response of its own.
package protocol ResponseError: Error {
    var response: Response { get }
}

/// The errors that a request can end with, and their responses as the contract defines them.
package enum HTTPError: ResponseError {
    case badRequest(StaticString)
    case notFound
    case todoNotFound
    case methodNotAllowed(allowed: [HTTPMethod])
    case notAuthenticated
    case invalidToken
    case wrongPassword
    case usernameTaken
    case tooManyTodos
    case requestTimeout
    case contentTooLarge
    case unsupportedMediaType(StaticString)
    case headTooLarge
    case unsupportedTransferCoding
    case invalid([ValidationIssue])
    /// A queue is full, or the database is unavailable. Nothing was done.
    case overloaded(retryAfterSeconds: Int)
    /// Redis is unavailable, and the server is configured to refuse writes without it. Nothing was done.
    case redisAway
    /// A write began and was not confirmed. It may have taken effect, or may yet do so.
    case outcomeUnknown
    case internalError

    package var response: Response {
        switch self {
        case .badRequest(let detail): Response(status: .badRequest, detail: detail)
        case .notFound: Response(status: .notFound, detail: "Not Found")
        case .todoNotFound: Response(status: .notFound, detail: "Todo not found")
        case .methodNotAllowed(let allowed):
            Response(
                status: .methodNotAllowed, detail: "Method Not Allowed",
                headers: [.init("Allow", allowed.map(\.rawValue).joined(separator: ", "))])
        case .notAuthenticated:
            Response(status: .unauthorized, detail: "Not authenticated", headers: [.bearerChallenge])
        case .invalidToken: Response(status: .unauthorized, detail: "Invalid token", headers: [.bearerChallenge])
        case .wrongPassword:
            Response(status: .unauthorized, detail: "Incorrect username or password", headers: [.bearerChallenge])
        case .usernameTaken: Response(status: .conflict, detail: "Username already registered")
        case .tooManyTodos: Response(status: .conflict, detail: "Too many todos")
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
        case .redisAway:
            Response(
                status: .serviceUnavailable, detail: "Redis is unavailable; nothing was written",
                headers: [.init("Retry-After", "1")])
        case .outcomeUnknown:
            Response(status: .gatewayTimeout, detail: "The outcome is unknown: the request may have taken effect")
        case .internalError: Response(status: .internalServerError, detail: "Internal Server Error")
        }
    }
}

extension Response {
    /// An error response: `{"detail": …}`.
    package init(status: HTTPResponseStatus, detail: StaticString, headers: [Header] = []) {
        self.init(status: status, headers: headers) {
            $0.writeStaticString("{\"detail\":\"")
            $0.writeStaticString(detail)
            $0.writeStaticString("\"}")
        }
    }

    package init(_ error: HTTPError, cause: any Error) {
        self = error.response
        self.cause = cause
    }

    /// The response to any error: its own if it has one, 503 if a worker pool is full, otherwise 500 without details.
    package init(_ error: any Error) {
        switch error {
        case let error as any ResponseError: self = error.response
        case is WorkerPool.Full: self.init(.overloaded(retryAfterSeconds: 1), cause: error)
        default: self.init(.internalError, cause: error)
        }
    }
}
