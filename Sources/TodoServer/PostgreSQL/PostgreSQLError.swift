/// Why PostgreSQL did not do what it was asked.
package enum PostgreSQLError: ResponseError, CustomStringConvertible {
    /// No connection could be made, and why. Nothing was sent.
    case unreachable(String)
    /// As many wait for a connection as may. Nothing was sent.
    case queueFull
    /// The connection ended under a statement. A write may have taken effect.
    case disconnected(String)
    /// No answer came in time, and the connection was given up. A write may have taken effect.
    case timedOut
    /// PostgreSQL refused the statement, and undid it.
    /// - Parameter state: the SQLSTATE (PostgreSQL's manual, appendix A).
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

    /// Whether it is unknown what became of the statement.
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

    /// Classes of SQLSTATEs after which the same may succeed in a moment: connection, transaction rolled back,
    /// resources (a full disk is among them), intervention (timeouts, restarts), system; and a server that only reads.
    private static let transientStates = ["08", "40", "53", "57", "58", "25006"]

    private var isTransient: Bool {
        guard case .refused(let state, _) = self else { return true }
        return Self.transientStates.contains { state.hasPrefix($0) }
    }
}
