import Glibc

/// Why an exchange failed.
package enum ErrorKind: String, CaseIterable, Codable, Sendable {
    /// Nothing listens at the address, or the unix socket does not exist.
    case refused
    /// The network reports the address as unreachable.
    case unreachable
    /// The connection was not made within the timeout.
    case connectTimeout
    /// The response was not complete within the timeout.
    case timeout
    /// The server reset the connection.
    case reset
    /// The server closed the connection before sending any byte of a response.
    case closed
    /// The server closed the connection in the middle of a response.
    case truncated
    /// TLS failed: the certificate was rejected, or the peer did not speak TLS.
    case tls
    /// The response violates HTTP's grammar.
    case malformed
    /// The response's head or body exceeds the limit.
    case tooLarge
    /// This machine has no free ephemeral port for the connection.
    case outOfPorts
    /// This process has reached its limit on open files.
    case outOfFiles
    /// The request's templates could not be rendered.
    case rendering
    /// Any other system error; the example says which.
    case system

    /// - Parameter code: the errno of socket(), bind(), connect(), send() or recv(), or SO_ERROR.
    init(code: Int32) {
        self =
            switch code {
            case ECONNREFUSED, ENOENT: .refused
            case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: .unreachable
            case ETIMEDOUT: .connectTimeout
            case ECONNRESET, ECONNABORTED, EPIPE: .reset
            case EADDRNOTAVAIL, EADDRINUSE: .outOfPorts
            case EMFILE, ENFILE: .outOfFiles
            default: .system
            }
    }

    init(_ error: ResponseError) {
        self =
            switch error {
            case .malformed: .malformed
            case .headTooLarge, .bodyTooLarge: .tooLarge
            case .truncated(received: 0): .closed
            case .truncated: .truncated
            }
    }
}

/// A failed exchange: its kind, and the message of the system or the parser.
package struct ExchangeFailure: Error, Equatable, Sendable {
    package var kind: ErrorKind
    package var detail: String

    package init(kind: ErrorKind, detail: String) {
        self.kind = kind
        self.detail = detail
    }

    init(code: Int32, during call: StaticString) {
        kind = ErrorKind(code: code)
        detail = "\(call): \(String(cString: strerror(code)))"
    }

    init(_ error: ResponseError) {
        kind = ErrorKind(error)
        detail = kind == .closed ? "the server closed the connection without a response" : error.description
    }
}
