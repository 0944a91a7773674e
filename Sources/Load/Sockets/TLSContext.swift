import COpenSSL
import Glibc

/// How to verify servers and identify the client.
package struct TLSSettings: Equatable, Sendable {
    /// Whether any certificate is accepted.
    package var isInsecure = false
    /// A PEM file of CA certificates to trust instead of the system's.
    package var authorities: String?
    /// The client's certificate chain and private key, as PEM files.
    package var certificate: String?
    package var key: String?

    package init() {}
}

/// The state shared by all TLS connections to one server (RFC 8446, and TLS 1.2). Safe to use from several threads.
package final class TLSContext: Sendable {
    // OpenSSL counts its references and locks it.
    nonisolated(unsafe) private let context: OpaquePointer
    private let host: String

    /// - Parameter host: the name that the certificate must have: a DNS name, which is also sent to the server, or an
    ///   IP address.
    /// - Throws: ``LoadError/invalid(setting:reason:)`` if a file cannot be used.
    package init(host: String, _ settings: TLSSettings) throws(LoadError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw .invalid(setting: "TLS", reason: TLSError.latest)
        }
        self.context = context
        self.host = host
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        // SSL_OP_IGNORE_UNEXPECTED_EOF: a close without close_notify is not an error, because framing detects truncated
        // messages.
        SSL_CTX_set_options(context, UInt64(1) << 7)
        let mode = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        _ = SSL_CTX_ctrl(context, SSL_CTRL_MODE, Int(mode), nil)
        // Connections keep their sessions; the context does not.
        _ = SSL_CTX_ctrl(
            context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL), nil)
        SSL_CTX_sess_set_new_cb(context, TLSSession.keep)
        // If this throws, deinit frees the context, because the object is fully initialised by now.
        try apply(settings)
    }

    deinit { SSL_CTX_free(context) }

    private func apply(_ settings: TLSSettings) throws(LoadError) {
        SSL_CTX_set_verify(context, settings.isInsecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        for file in [settings.authorities, settings.certificate, settings.key].compactMap(\.self) {
            guard access(file, R_OK) == 0 else {
                throw .invalid(setting: "the file \(file)", reason: String(cString: strerror(errno)))
            }
        }
        if let file = settings.authorities {
            try require(SSL_CTX_load_verify_file(context, file), "the CA file \(file)")
        } else if !settings.isInsecure {
            try require(SSL_CTX_set_default_verify_paths(context), "the system's CA certificates")
        }
        if let file = settings.certificate {
            try require(SSL_CTX_use_certificate_chain_file(context, file), "the client certificate \(file)")
            let key = settings.key ?? file
            try require(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM), "the client key \(key)")
        }
    }

    private func require(_ result: Int32, _ subject: String) throws(LoadError) {
        guard result == 1 else { throw .invalid(setting: subject, reason: TLSError.latest) }
    }

    /// Creates TLS on a connected socket. The handshake is still to be done.
    /// - Parameter session: from an earlier connection to the server, to be resumed.
    /// - Returns: an OpenSSL SSL object that the caller owns; nil if it cannot be created.
    func open(on descriptor: Int32, resuming session: OpaquePointer? = nil) -> OpaquePointer? {
        guard let connection = SSL_new(context) else { return nil }
        guard SSL_set_fd(connection, descriptor) == 1 else {
            SSL_free(connection)
            return nil
        }
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host) != 1 {
            ERR_clear_error()
            SSL_set1_host(connection, host)
            // RFC 6066 section 3: only names are sent, not addresses.
            var name = Array(host.utf8CString)
            _ = SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        }
        let protocols: [UInt8] = [8] + "http/1.1".utf8
        SSL_set_alpn_protos(connection, protocols, UInt32(protocols.count))
        if let session { SSL_set_session(connection, session) }
        return connection
    }
}

/// Sessions that servers offer for resumption. Each connection's slot keeps its latest.
enum TLSSession {
    /// Sets where the connection's sessions are stored.
    static func keep(of connection: OpaquePointer, in place: UnsafeMutablePointer<OpaquePointer?>) {
        SSL_set_ex_data(connection, 0, place)
    }

    static func free(_ session: OpaquePointer) { SSL_SESSION_free(session) }

    /// OpenSSL's callback. Returning 1 takes ownership of the session.
    static let keep: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = { connection, session in
        guard let data = SSL_get_ex_data(connection, 0) else { return 0 }
        let place = data.assumingMemoryBound(to: OpaquePointer?.self)
        if let old = place.pointee { SSL_SESSION_free(old) }
        place.pointee = session
        return 1
    }
}

/// Messages for OpenSSL's errors.
enum TLSError {
    /// The message of the calling thread's first error. Clears its error queue.
    static var latest: String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return "unknown error" }
        return String(cString: reason)
    }

    /// Why a handshake failed.
    static func handshake(_ connection: OpaquePointer) -> ExchangeFailure {
        let result = SSL_get_verify_result(connection)
        let reason = latest
        guard result == Int(X509_V_OK) else {
            let text = X509_verify_cert_error_string(result).map { String(cString: $0) } ?? ""
            return ExchangeFailure(kind: .tls, detail: "certificate verify failed: \(text)")
        }
        return ExchangeFailure(
            kind: .tls,
            detail: reason == "unknown error" ? "the server closed the connection during the handshake" : reason)
    }
}
