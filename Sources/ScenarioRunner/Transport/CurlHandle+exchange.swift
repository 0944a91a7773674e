import CCurl
import Scenario

extension CurlHandle {
    /// Sets the options of a request.
    ///
    /// - Throws: where a header would break out of its line.
    func prepare(_ request: Request, url: String, from address: String?) throws(TransportError) {
        reset()
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_TIMEOUT_MS, max(1, Int(request.timeout.nanoseconds / 1_000_000)))
        if let address {
            set(CURLOPT_INTERFACE, "host!\(address)")
            set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V4))
        }
        // Set always, so that the environment's proxy never stands between a test and its server.
        set(CURLOPT_PROXY, "")

        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else if let body = request.body {
            set(body: body)
        } else if ["POST", "PUT", "PATCH"].contains(request.method) {
            set(body: [])
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        set(headers: try lines(of: request))
    }

    private func lines(of request: Request) throws(TransportError) -> [String] {
        // Not sent unless a scenario asks: "Expect" holds a body back, the content type would be a guess.
        var lines = ["Expect:"]
        if request.headers.values(of: "Content-Type").isEmpty { lines.append("Content-Type:") }
        if request.headers.values(of: "User-Agent").isEmpty { lines.append("User-Agent: gauntlet") }
        for header in request.headers {
            guard !header.value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
                throw TransportError(
                    .invalidRequest, "the value of the header \(header.name) has a line break or NUL in it")
            }
            lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        return lines
    }

    /// The response of a transfer that ended, or why there is none.
    func result(_ code: CURLcode, url: String) -> Result<Response, TransportError> {
        guard code == CURLE_OK else { return .failure(error(code, url: url)) }
        let version =
            switch long(CURLINFO_HTTP_VERSION) {
            case Int(CURL_HTTP_VERSION_1_0): "1.0"
            case Int(CURL_HTTP_VERSION_2_0): "2"
            case Int(CURL_HTTP_VERSION_3): "3"
            default: "1.1"
            }
        return .success(
            Response(
                status: long(CURLINFO_RESPONSE_CODE), httpVersion: version, headers: sink.headers, body: sink.body,
                times: times))
    }

    private var times: Response.Times {
        var times = Response.Times(total: .microseconds(microseconds(CURLINFO_TOTAL_TIME_T)))
        times.nameLookup = .microseconds(microseconds(CURLINFO_NAMELOOKUP_TIME_T))
        times.connect = .microseconds(microseconds(CURLINFO_CONNECT_TIME_T))
        times.tls = .microseconds(microseconds(CURLINFO_APPCONNECT_TIME_T))
        times.firstByte = .microseconds(microseconds(CURLINFO_STARTTRANSFER_TIME_T))
        return times
    }

    private func error(_ code: CURLcode, url: String) -> TransportError {
        let origin = url.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//")
        let detail = message(for: code)
        switch code {
        case CURLE_COULDNT_CONNECT:
            return TransportError(
                .refused, "could not connect to \(origin): \(detail)", help: "is the server running, on this address?")
        case CURLE_COULDNT_RESOLVE_HOST:
            return TransportError(.resolve, "could not find the host of \(origin): \(detail)")
        case CURLE_OPERATION_TIMEDOUT:
            let received = sink.headers.isEmpty ? "no response" : "an unfinished response"
            return TransportError(
                .timeout, "\(received) from \(origin): \(detail)",
                help: "a request's \"timeout\" sets how long it may take")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            return TransportError(.reset, "\(origin) closed the connection before it answered: \(detail)")
        case CURLE_PARTIAL_FILE:
            return TransportError(.reset, "\(origin) closed the connection in the middle of its answer: \(detail)")
        case CURLE_WRITE_ERROR where sink.isTooLarge:
            return TransportError(
                .tooLarge, "the answer of \(origin) is longer than \(sink.bodyLimit >> 20) MiB and was cut off")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_BAD_CONTENT_ENCODING:
            return TransportError(.malformed, "what \(origin) sent is not HTTP as it should be: \(detail)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
            return TransportError(.tls, "no TLS connection to \(origin): \(detail)")
        case CURLE_URL_MALFORMAT:
            return TransportError(.invalidRequest, "\"\(url)\" is no URL: \(detail)")
        case CURLE_INTERFACE_FAILED:
            return TransportError(.other, "the request could not be sent from its own address: \(detail)")
        default:
            return TransportError(.other, "\(origin): \(detail)")
        }
    }
}
