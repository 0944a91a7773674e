import COpenSSL

/// A TLS failure, with OpenSSL's description.
struct TLSError: Error, CustomStringConvertible {
    var description: String

    /// The calling thread's oldest error. Clears its error queue.
    static var latest: TLSError {
        let code = ERR_get_error()
        ERR_clear_error()
        let reason = code == 0 ? nil : ERR_reason_error_string(code)
        return TLSError(description: "TLS: " + (reason.map { String(cString: $0) } ?? "unknown error"))
    }

    static func handshake(_ connection: OpaquePointer) -> TLSError {
        let result = SSL_get_verify_result(connection)
        guard result != Int(X509_V_OK) else { return latest }
        let reason = X509_verify_cert_error_string(result).map { String(cString: $0) } ?? "unknown error"
        return TLSError(description: "TLS: the certificate is not trusted: \(reason)")
    }
}
