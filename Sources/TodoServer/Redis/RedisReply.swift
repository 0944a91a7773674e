import NIOCore

/// A reply of the Redis protocol, version 2.
package enum RedisReply: Sendable, Equatable {
    case status(String)
    case integer(Int64)
    case bulk(ByteBuffer)
    case null
    case array([RedisReply])
    /// Redis' own error, as it stands: `NOSCRIPT No matching script`.
    case error(String)
}

/// Why a command has no usable reply.
package enum RedisError: Error, Equatable {
    /// No connection, or one that does not answer: nothing was sent.
    case unavailable
    /// Sent, and not answered in time. It may yet take effect.
    case timedOut
    /// The connection ended before the reply came. The command may have taken effect.
    case disconnected
    /// Redis refused the command.
    case refused(String)
    /// What came is not the Redis protocol.
    case protocolViolation(String)
}

extension RedisError {
    /// In words, for a person.
    var reason: String {
        switch self {
        case .unavailable, .disconnected: "Redis is unavailable"
        case .timedOut: "Redis did not respond in time"
        case .refused(let message): "cannot use Redis: \(message)"
        case .protocolViolation(let what): "the server at the Redis address does not speak the Redis protocol: \(what)"
        }
    }
}
