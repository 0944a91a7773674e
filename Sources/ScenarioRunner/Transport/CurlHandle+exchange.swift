import CCurl
import Glibc
import Scenario

extension CurlHandle {
    /// Sets the options of a request.
    ///
    /// - Parameter source: the source address of connections; nil for the system's choice.
    /// - Throws: if the method or URL is invalid, or a header value contains a line break.
    func prepare(
        _ request: Request, url: String, _ settings: ConnectionSettings, from source: SourceAddress?
    ) throws(TransportError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw TransportError(
                .invalidRequest, "\"\(request.method)\" is not a valid method: it must be a single word")
        }
        // libcurl would end the URL at a NUL and send the request elsewhere.
        guard !url.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw TransportError(
                .invalidRequest, "\(url.debugDescription) is not a valid URL: it contains a control character")
        }
        let lines = try Self.checkedLines(of: request)
        reset()
        (self.request, self.settings) = (request, settings)
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_TIMEOUT_MS, max(1, Int(request.options.timeout.nanoseconds / 1_000_000)))
        sink.bodyLimit = request.options.maxBody
        if request.options.redirects > 0 {
            set(CURLOPT_FOLLOWLOCATION, 1)
            set(CURLOPT_MAXREDIRS, request.options.redirects)
            set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
            // libcurl treats every body as a POST's; other methods must keep theirs.
            if request.method != "POST" { set(CURLOPT_POSTREDIR, Int(CURL_REDIR_POST_301 | CURL_REDIR_POST_302)) }
        }
        if request.options.isCompressed { set(CURLOPT_ACCEPT_ENCODING, "") }
        prepare(settings, url: url)
        prepare(source, url: url)

        // Set a method only if libcurl would choose another: libcurl must be free to change it after a redirect.
        var implied = "GET"
        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
            implied = "HEAD"
        } else if let body = request.body {
            set(body: body)
            implied = "POST"
        } else if ["POST", "PUT", "PATCH"].contains(request.method) {
            set(body: [])
            implied = "POST"
        }
        if request.method != implied { set(CURLOPT_CUSTOMREQUEST, request.method) }
        // A Cookie header line would suppress the cookies in libcurl's jar.
        let cookies = request.headers.values(of: "Cookie")
        if !cookies.isEmpty { set(CURLOPT_COOKIE, cookies.joined(separator: "; ")) }
        set(headers: lines)
    }

    private func prepare(_ settings: ConnectionSettings, url: String) {
        let options = settings.options
        // Always set, so that a proxy from the environment never comes between a test and its server.
        set(CURLOPT_PROXY, options.proxy ?? "")
        if let path = options.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, settings.path(path)) }
        if !options.resolve.isEmpty { set(resolve: options.resolve.map { "\($0.key):\($0.value)" }.sorted()) }
        switch options.httpVersion {
        case "1.1": set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        case "2" where !url.lowercased().hasPrefix("https:"):
            set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
            // libcurl before 8.0 sends the HTTP/2 preface again on a reused connection.
            if Self.version < 0x080000 { set(CURLOPT_FRESH_CONNECT, 1) }
        default: set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        }
        if let file = options.caFile { set(CURLOPT_CAINFO, settings.path(file)) }
        // libcurl would trust its directory of authorities as well, and parse the file again for every connection.
        if options.caFile != nil || Self.hasCAFile { gauntlet_curl_set_string(pointer, CURLOPT_CAPATH, nil) }
        if let file = options.certificate { set(CURLOPT_SSLCERT, settings.path(file)) }
        if let file = options.key { set(CURLOPT_SSLKEY, settings.path(file)) }
        if options.isInsecure {
            set(CURLOPT_SSL_VERIFYPEER, 0)
            set(CURLOPT_SSL_VERIFYHOST, 0)
        }
    }

    /// Makes this program bind sockets: libcurl would bind to the address for every destination.
    private func prepare(_ source: SourceAddress?, url: String) {
        sockets.source = source
        guard let source else { return }
        sockets.serve(pointer)
        switch source.family(towards: BaseURL(Self.origin(of: url))?.host ?? "") {
        case AF_INET: set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V4))
        case AF_INET6: set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V6))
        default: break
        }
    }

    private static func checkedLines(of request: Request) throws(TransportError) -> [String] {
        for header in request.headers
        where header.value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            throw TransportError(
                .invalidRequest, "the value of header \(header.name) contains a line break or NUL")
        }
        return lines(of: request)
    }

    /// The header fields in libcurl's notation.
    static func lines(of request: Request) -> [String] {
        // Suppressed unless a scenario sets them: "Expect" delays the body, and the content type would be a guess.
        var lines = ["Expect:"]
        if request.headers.values(of: "Content-Type").isEmpty { lines.append("Content-Type:") }
        lines += request.impliedHeaders.map { "\($0.name): \($0.value)" }
        for header in request.headers where header.name.lowercased() != "cookie" {
            lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        return lines
    }

    /// The response of a finished transfer, or the error.
    func result(_ code: CURLcode, url: String) -> Result<Response, TransportError> {
        guard code == CURLE_OK else { return .failure(error(code, url: url)) }
        guard sink.isHeadWhole else {
            return .failure(
                TransportError(
                    .reset, "\(Self.origin(of: url)) closed the connection in the middle of the response head"))
        }
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

    /// The error of a transfer that was cancelled because the run was stopped.
    func stopped(url: String) -> Result<Response, TransportError> {
        .failure(TransportError(.stopped, "the run was stopped before \(Self.origin(of: url)) responded"))
    }

    static func origin(of url: String) -> String {
        url.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//")
    }
}
