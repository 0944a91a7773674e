import CCurl
import Glibc
import Scenario

extension CurlHandle {
    /// Translates a libcurl error into a message that names the event and the server.
    func error(_ code: CURLcode, url: String) -> TransportError {
        let origin = Self.origin(of: url)
        let detail = message(for: code)
        switch code {
        case CURLE_COULDNT_CONNECT: return sockets.failure ?? refusal(origin, detail)
        case CURLE_COULDNT_RESOLVE_HOST:
            return TransportError(.resolve, "could not resolve the host of \(origin): \(detail)")
        case CURLE_OPERATION_TIMEDOUT:
            let received = sink.headers.isEmpty ? "no response" : "an incomplete response"
            return TransportError(
                .timeout, "\(received) from \(origin): \(detail)",
                help: "a request's \"timeout\" sets how long it may take")
        case CURLE_RECV_ERROR where detail.hasPrefix("Too large response headers"):
            return TransportError(.tooLarge, "the response head from \(origin) is too long: \(detail)")
        case CURLE_WRITE_ERROR where sink.fault != nil:
            return TransportError(
                .malformed, "\(origin) sent an invalid HTTP response: \(sink.fault ?? detail)")
        case CURLE_RECV_ERROR where detail.contains("chunked-encoding"):
            return TransportError(.malformed, "\(origin) sent an invalid HTTP response: \(detail)")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            return TransportError(.reset, "\(origin) closed the connection before it responded: \(detail)")
        case CURLE_PARTIAL_FILE:
            return TransportError(.reset, "\(origin) closed the connection in the middle of the response: \(detail)")
        case CURLE_WRITE_ERROR where sink.isTooLarge:
            return TransportError(
                .tooLarge, "the response body from \(origin) is longer than \(sink.bodyLimit) bytes and was truncated",
                help: "a request's \"maxBody\" sets how long it may be")
        case CURLE_TOO_MANY_REDIRECTS:
            return TransportError(.other, "\(origin) redirected too many times: \(detail)")
        case CURLE_UNSUPPORTED_PROTOCOL where !url.hasPrefix("http"):
            return TransportError(.invalidRequest, "\"\(url)\" is not an http or https URL")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_BAD_CONTENT_ENCODING:
            return TransportError(.malformed, "\(origin) sent an invalid HTTP response: \(detail)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
            return unreadableFile
                ?? TransportError(.tls, "could not establish a TLS connection to \(origin): \(detail)")
        case CURLE_URL_MALFORMAT:
            return TransportError(.invalidRequest, "\"\(url)\" is not a valid URL: \(detail)")
        default:
            return TransportError(.other, "\(origin): \(detail)")
        }
    }

    /// The connection was refused. libcurl's own text is not used: it contains the elapsed time, which always differs.
    private func refusal(_ origin: String, _ detail: String) -> TransportError {
        let code = Int32(long(CURLINFO_OS_ERRNO))
        let reason = code == 0 ? detail : String(cString: strerror(code))
        if let socket = settings?.options.unixSocket {
            let isThere = access(settings?.path(socket) ?? socket, F_OK) == 0
            return TransportError(
                .refused,
                "could not connect to the unix socket \(socket): \(isThere ? reason : "there is no such file")",
                help: "is the server running and listening on it?")
        }
        let proxy = settings?.options.proxy.map { " through the proxy \($0)" } ?? ""
        return TransportError(
            .refused, "could not connect to \(origin)\(proxy): \(reason)",
            help: "is the server running on this address?")
    }

    /// The first TLS file that cannot be read, as an error; nil if all can.
    private var unreadableFile: TransportError? {
        guard let settings else { return nil }
        let options = settings.options
        for (name, file) in [
            ("CA", options.caFile), ("client certificate", options.certificate),
            ("client key", options.key),
        ] {
            guard let file else { continue }
            do throws(FileReading.Failure) { try FileReading.check(settings.path(file)) } catch {
                return TransportError(.tls, "the \(name) file \(file) cannot be read: \(error)")
            }
        }
        return nil
    }
}
