import Glibc

/// Why an exchange came to nothing.
package enum ErrorKind: String, CaseIterable, Codable, Sendable {
    /// Nothing listens at the address, or there is no such unix socket.
    case refused
    /// The network says that the address cannot be reached.
    case unreachable
    /// The connection was not made within the timeout.
    case connectTimeout
    /// The answer was not whole within the timeout.
    case timeout
    /// The server reset the connection.
    case reset
    /// The server closed the connection without a byte of an answer.
    case closed
    /// The server closed the connection in the middle of its answer.
    case truncated
    /// TLS failed: the certificate was not accepted, or what came was no TLS.
    case tls
    /// The answer breaks HTTP's grammar.
    case malformed
    /// The answer's head or body is past the limit.
    case tooLarge
    /// This machine has no ephemeral port left for the connection.
    case outOfPorts
    /// This process may open no more files.
    case outOfFiles
    /// The request's templates could not be rendered.
    case rendering
    /// Any other error of the system; the example says which.
    case system

    /// - Parameter code: errno of socket(), bind(), connect(), send() or recv(), or SO_ERROR.
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

/// One exchange that came to nothing: its kind, and in words what the system or the parser said.
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
