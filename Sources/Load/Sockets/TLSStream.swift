import COpenSSL
import Glibc

/// The calls on a TLS connection, with results like those of ``StreamSocket``. Whoever opened the connection owns it.
enum TLSStream {
    /// Returned, negated, if TLS itself has failed. No errno has this value.
    static let failure: Int32 = 100_000

    enum Progress {
        case done
        /// The socket must become ready first.
        case waiting
        case failed(ExchangeFailure)
    }

    static func handshake(_ connection: OpaquePointer) -> Progress {
        ERR_clear_error()
        let result = SSL_connect(connection)
        if result == 1 { return .done }
        switch SSL_get_error(connection, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .waiting
        case SSL_ERROR_SYSCALL where errno != 0 && ERR_peek_error() == 0:
            return .failed(ExchangeFailure(code: errno, during: "TLS handshake"))
        default: return .failed(TLSError.handshake(connection))
        }
    }

    static func send(_ connection: OpaquePointer, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        ERR_clear_error()
        let sent = SSL_write(connection, bytes, Int32(clamping: count))
        return sent > 0 ? Int(sent) : outcome(connection, sent)
    }

    static func receive(_ connection: OpaquePointer, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        ERR_clear_error()
        let received = SSL_read(connection, buffer, Int32(clamping: capacity))
        return received > 0 ? Int(received) : outcome(connection, received)
    }

    private static func outcome(_ connection: OpaquePointer, _ result: Int32) -> Int {
        switch SSL_get_error(connection, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: -Int(EAGAIN)
        case SSL_ERROR_ZERO_RETURN: 0
        case SSL_ERROR_SYSCALL where ERR_peek_error() == 0: errno == 0 ? 0 : -Int(errno)
        default: -Int(failure)
        }
    }

    /// Closes the connection without notifying the server. Its session remains resumable.
    static func close(_ connection: OpaquePointer) {
        SSL_set_quiet_shutdown(connection, 1)
        SSL_shutdown(connection)
        SSL_free(connection)
    }
}

extension ExchangeFailure {
    /// - Parameter code: the negative result of ``StreamSocket`` or ``TLSStream``.
    init(stream code: Int, during call: StaticString) {
        if code == -Int(TLSStream.failure) {
            self.init(kind: .tls, detail: "\(call): \(TLSError.latest)")
        } else {
            self.init(code: Int32(-code), during: call)
        }
    }
}
