import NIOCore

/// A reply in version 2 of the Redis protocol.
package enum RedisReply: Sendable, Equatable {
    case status(String)
    case integer(Int64)
    case bulk(ByteBuffer)
    case null
    case array([RedisReply])
    /// Redis' error message, such as `NOSCRIPT No matching script`.
    case error(String)
}

/// Why a command has no reply, or an error reply.
package enum RedisError: Error, Equatable {
    /// Not connected, or the connection is stalled. Nothing was sent.
    case unavailable
    /// The command was sent and got no reply in time. It may yet take effect.
    case timedOut
    /// The connection ended before the reply came. The command may have taken effect.
    case disconnected
    /// Redis rejected the command or the connection.
    case refused(String)
    /// The received bytes are not valid in the Redis protocol.
    case protocolViolation(String)
}

extension RedisError {
    /// A description for the log.
    var reason: String {
        switch self {
        case .unavailable, .disconnected: "Redis is unavailable"
        case .timedOut: "Redis did not respond in time"
        case .refused(let message): "cannot use Redis: \(message)"
        case .protocolViolation(let what): "the server at the Redis address does not speak the Redis protocol: \(what)"
        }
    }
}
