import COpenSSL

/// A client's side of one TLS connection, without a socket: what comes is given to it, what is to be sent is taken.
struct TLSClient: ~Copyable {
    private let connection: OpaquePointer
    /// OpenSSL's buffers for what comes and what is to be sent; the connection owns them.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// - Parameter host: whom the certificate must name: a DNS name, which is also sent to the server, or an IP address.
    init(host: String, _ context: TLSContext) throws(TLSError) {
        guard let connection = SSL_new(context.context) else { throw .latest }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            // The process has no memory left; the other buffer does not matter any more.
            SSL_free(connection)
            throw .latest
        }
        SSL_set_bio(connection, incoming, outgoing)
        (self.connection, self.incoming, self.outgoing) = (connection, incoming, outgoing)
        SSL_set_connect_state(connection)
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host) != 1 {
            SSL_set1_host(connection, host)
            // RFC 6066 section 3: names only, no addresses.
            var name = Array(host.utf8CString)
            _ = SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        }
        ERR_clear_error()
    }

    deinit { SSL_free(connection) }

    /// Goes on with the handshake as far as what has come allows. True once it is done.
    mutating func handshake() throws(TLSError) -> Bool {
        ERR_clear_error()
        let result = SSL_do_handshake(connection)
        if result == 1 { return true }
        guard SSL_get_error(connection, result) == SSL_ERROR_WANT_READ else { throw .handshake(connection) }
        return false
    }

    /// Takes what has come from the server.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        BIO_write(incoming, bytes.baseAddress, Int32(bytes.count))
    }

    /// Writes what the server has said into the memory.
    /// - Returns: how many bytes; 0 where more has to come first, nil once the server has said its last.
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

    /// Says something to the server, once the handshake is done.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        // Into memory all is written at once.
        guard SSL_write(connection, bytes.baseAddress, Int32(bytes.count)) == bytes.count else { throw .latest }
    }

    /// Says that nothing more is said.
    mutating func close() {
        ERR_clear_error()
        SSL_shutdown(connection)
    }

    /// How many bytes are to be sent.
    var outgoingCount: Int { BIO_ctrl_pending(outgoing) }

    /// Moves what is to be sent into the memory; gives how many bytes that were.
    mutating func take(into memory: UnsafeMutableRawBufferPointer) -> Int {
        max(0, Int(BIO_read(outgoing, memory.baseAddress, Int32(memory.count))))
    }
}
