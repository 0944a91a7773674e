import COpenSSL

/// The client side of one TLS connection, without a socket. The caller moves the bytes in and out.
struct TLSClient: ~Copyable {
    private let connection: OpaquePointer
    /// OpenSSL's buffers for received bytes and for bytes to send; owned by the connection.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// - Parameter host: what the certificate must match: a DNS name, which is also sent as SNI, or an IP address.
    init(host: String, _ context: TLSContext) throws(TLSError) {
        guard let connection = SSL_new(context.context) else { throw .latest }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            // The process is out of memory, so leaking the other buffer does not matter.
            SSL_free(connection)
            throw .latest
        }
        SSL_set_bio(connection, incoming, outgoing)
        (self.connection, self.incoming, self.outgoing) = (connection, incoming, outgoing)
        SSL_set_connect_state(connection)
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host) != 1 {
            SSL_set1_host(connection, host)
            // SNI allows names only, not addresses (RFC 6066 section 3).
            var name = Array(host.utf8CString)
            _ = SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        }
        ERR_clear_error()
    }

    deinit { SSL_free(connection) }

    /// Advances the handshake as far as the received bytes allow. Returns true once it is complete.
    mutating func handshake() throws(TLSError) -> Bool {
        ERR_clear_error()
        let result = SSL_do_handshake(connection)
        if result == 1 { return true }
        guard SSL_get_error(connection, result) == SSL_ERROR_WANT_READ else { throw .handshake(connection) }
        return false
    }

    /// Accepts encrypted bytes from the server.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        BIO_write(incoming, bytes.baseAddress, Int32(bytes.count))
    }

    /// Decrypts received data into the memory.
    /// - Returns: the number of bytes; 0 if more input is needed, nil once the server has closed its side.
    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(TLSError) -> Int? {
        ERR_clear_error()
        let count = SSL_read(connection, memory.baseAddress, Int32(memory.count))
        if count > 0 { return Int(count) }
        switch SSL_get_error(connection, count) {
        case SSL_ERROR_WANT_READ: return 0
        case SSL_ERROR_ZERO_RETURN: return nil
        default: throw .latest
        }
    }

    /// Encrypts data for the server. The handshake must be complete.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        // Writes to a memory buffer are never partial.
        guard SSL_write(connection, bytes.baseAddress, Int32(bytes.count)) == bytes.count else { throw .latest }
    }

    /// Queues the close notification.
    mutating func close() {
        ERR_clear_error()
        SSL_shutdown(connection)
    }

    /// The number of bytes to send.
    var outgoingCount: Int { BIO_ctrl_pending(outgoing) }

    /// Moves bytes to send into the memory, and returns their number.
    mutating func take(into memory: UnsafeMutableRawBufferPointer) -> Int {
        max(0, Int(BIO_read(outgoing, memory.baseAddress, Int32(memory.count))))
    }
}
