import NIOHTTP1

/// Why a request about a todo failed.
package enum TodoError: ResponseError {
    case notFound
    /// The user has as many todos as allowed.
    case tooMany
    /// Redis is unavailable, and the server is configured to refuse writes without it. Nothing was done.
    case redisUnavailable

    package var response: Response {
        switch self {
        case .notFound: Response(status: .notFound, detail: "Todo not found")
        case .tooMany: Response(status: .conflict, detail: "Too many todos")
        case .redisUnavailable:
            Response(
                status: .serviceUnavailable, detail: "Redis is unavailable; nothing was written",
                headers: [.init("Retry-After", "1")])
        }
    }
}
