import COpenSSL
import Glibc

/// The TLS settings that all connections to one server share: trusted authorities, and TLS 1.2 or 1.3 (RFC 8446).
final class TLSContext: Sendable {
    // OpenSSL does its own reference counting and locking.
    nonisolated(unsafe) let context: OpaquePointer

    /// - Parameter authorities: a PEM file of authorities to trust instead of the system's.
    /// - Throws: OpenSSL's error for the file.
    init(authorities: String?) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .latest }
        self.context = context
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        // All properties are set, so if the rest throws, deinit frees the context.
        guard let authorities else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw .latest }
            return
        }
        // OpenSSL's error for an unreadable file is not descriptive.
        guard access(authorities, R_OK) == 0 else { throw TLSError(description: String(cString: strerror(errno))) }
        guard SSL_CTX_load_verify_file(context, authorities) == 1 else { throw .latest }
    }

    deinit { SSL_CTX_free(context) }
}
