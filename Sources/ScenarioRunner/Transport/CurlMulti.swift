import CCurl

/// Owns a libcurl multi handle, which holds open connections and parsed CA certificates. Used by one thread at a time.
final class CurlMulti {
    /// Nil if memory or file descriptors ran out; no request can be sent then.
    let pointer = curl_multi_init()

    /// A multi handle for clients that follow one another. Each must close its connection when it is done.
    ///
    /// The CA certificates are parsed once for all of them: parsing takes longer than a login. Only one connection is
    /// kept at a time, so that no client can meet one of an earlier client.
    static func forSuccessiveClients() -> CurlMulti {
        let multi = CurlMulti()
        if let pointer = multi.pointer { gauntlet_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, 1) }
        return multi
    }

    deinit { if let pointer { curl_multi_cleanup(pointer) } }
}

extension CurlHandle {
    /// The descriptor of the open connection that it used last; -1 if there is none. Valid while it is in a multi handle.
    var connection: Int32 {
        var descriptor: curl_socket_t = -1
        gauntlet_curl_get_socket(pointer, CURLINFO_ACTIVESOCKET, &descriptor)
        return descriptor
    }
}
