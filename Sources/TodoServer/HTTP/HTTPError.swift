import NIOCore
import NIOHTTP1

/// An error that knows how to answer the request it ends.
package protocol ResponseError: Error {
    var response: Response { get }
}

/// What is wrong with a request, each with the answer that the contract fixes for it.
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
    /// A pool is full or the database is away; nothing was done.
    case overloaded(retryAfterSeconds: Int)
    /// Redis is away, and the server was told to refuse writes then; nothing was done.
    case redisAway
    /// A write was begun and not confirmed: it may have taken effect, or may yet.
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
    /// `{"detail": …}`, the form of every error.
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

    /// The answer to any error: its own where it has one, a bare 503 where a pool is full, and 500 with
    /// nothing of the inside otherwise.
    package init(_ error: any Error) {
        switch error {
        case let error as any ResponseError: self = error.response
        case is WorkerPool.Full: self.init(.overloaded(retryAfterSeconds: 1), cause: error)
        default: self.init(.internalError, cause: error)
        }
    }
}
