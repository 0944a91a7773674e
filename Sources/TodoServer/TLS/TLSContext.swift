import COpenSSL
import Glibc

/// Which servers are to be believed: what all TLS connections to one server share (TLS 1.2, and RFC 8446's 1.3).
final class TLSContext: Sendable {
    // Counted and locked by OpenSSL itself.
    nonisolated(unsafe) let context: OpaquePointer

    /// - Parameter authorities: a PEM file of authorities to trust instead of the system's.
    /// - Throws: what OpenSSL says of the file.
    init(authorities: String?) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .latest }
        self.context = context
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        // Where this throws, deinit frees the context: the object is whole by now.
        guard let authorities else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw .latest }
            return
        }
        // OpenSSL has no words for a file that cannot be read.
        guard access(authorities, R_OK) == 0 else { throw TLSError(description: String(cString: strerror(errno))) }
        guard SSL_CTX_load_verify_file(context, authorities) == 1 else { throw .latest }
    }

    deinit { SSL_CTX_free(context) }
}
