import NIOHTTP1

/// Counts the responses of one route by status.
struct RouteCounters: Sendable {
    /// The statuses that this server sends, most frequent first.
    private static let statuses: [HTTPResponseStatus] = [
        .ok, .created, .noContent, .tooManyRequests, .unauthorized, .notFound, .unprocessableEntity, .badRequest,
        .methodNotAllowed, .requestTimeout, .conflict, .payloadTooLarge, .unsupportedMediaType,
        .requestHeaderFieldsTooLarge, .internalServerError, .serviceUnavailable, .gatewayTimeout,
    ]

    private let counters: [Counter]
    private let other: Counter

    init(method: String, route: String, in metrics: Metrics) {
        func counter(_ status: String) -> Counter {
            metrics.counter(
                "todo_http_requests_total", "Responses by route and status; HEAD counts as GET.",
                labels: ["method": method, "route": route, "status": status], omitsZero: true)
        }
        counters = Self.statuses.map { counter(String($0.code)) }
        other = counter("other")
    }

    func count(_ status: HTTPResponseStatus) {
        let index = Self.statuses.firstIndex { $0.code == status.code }
        (index.map { counters[$0] } ?? other).add()
    }
}
