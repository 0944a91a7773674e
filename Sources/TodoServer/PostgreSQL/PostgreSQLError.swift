/// Why a PostgreSQL operation failed.
package enum PostgreSQLError: ResponseError, CustomStringConvertible {
    /// No connection could be made, or the statement was not sent in full. Nothing was done.
    case unreachable(String)
    /// The queue for connections is full. Nothing was sent.
    case queueFull
    /// The connection ended during a statement. A write may have taken effect.
    case disconnected(String)
    /// No response came in time, and the connection was abandoned. A write may have taken effect.
    case timedOut
    /// PostgreSQL reported an error and rolled the statement back.
    /// - Parameter state: the SQLSTATE (PostgreSQL manual, appendix A).
    case refused(state: String, message: String)

    package var description: String {
        switch self {
        case .unreachable(let reason): "cannot connect to PostgreSQL: \(reason)"
        case .queueFull: "too many requests are waiting for PostgreSQL"
        case .disconnected(let reason): "lost the connection to PostgreSQL: \(reason)"
        case .timedOut: "PostgreSQL did not respond in time"
        case .refused(let state, let message): "PostgreSQL returned an error: \(message) (SQLSTATE \(state))"
        }
    }

    /// Whether it is unknown if the statement took effect.
    package var isLoss: Bool {
        switch self {
        case .disconnected, .timedOut: true
        // statement_completion_unknown and transaction_resolution_unknown, which proxies report.
        case .refused(let state, _): state == "40003" || state == "08007"
        case .unreachable, .queueFull: false
        }
    }

    package var response: Response {
        if isLoss { return Response(.outcomeUnknown, cause: self) }
        return Response(isTransient ? .overloaded(retryAfterSeconds: 1) : .internalError, cause: self)
    }

    /// Prefixes of SQLSTATEs after which a retry may succeed: connection exception (08), transaction rollback (40),
    /// insufficient resources such as a full disk (53), operator intervention such as a timeout or restart (57), system
    /// error (58), and read-only transaction (25006).
    private static let transientStates = ["08", "40", "53", "57", "58", "25006"]

    private var isTransient: Bool {
        guard case .refused(let state, _) = self else { return true }
        return Self.transientStates.contains { state.hasPrefix($0) }
    }
}
