import CCurl
import Scenario

extension Request {
    /// The request to send to a redirect's target (RFC 9110 section 15.4; Fetch, "HTTP-redirect fetch").
    ///
    /// - Parameter leavesOrigin: whether the target is another origin, which must not receive credentials meant for
    ///   this one.
    func redirected(by status: Int, leavesOrigin: Bool) -> Request {
        var next = self
        let isSeeOther = status == 303 && method != "HEAD" && (method != "GET" || body != nil)
        if isSeeOther || [301, 302].contains(status) && method == "POST" {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if leavesOrigin {
            next.headers.removeAll { ["authorization", "cookie", "host"].contains($0.name.lowercased()) }
        }
        return next
    }
}

extension CurlHandle {
    /// Rewrites the request when the received head makes libcurl follow a redirect.
    ///
    /// libcurl would keep an explicit method, the request's own cookies, and the content headers of a dropped body.
    func redirect() {
        guard let request, request.options.redirects > 0, (300..<400).contains(sink.status) else { return }
        let places = sink.headers.values(of: "Location")
        guard !places.isEmpty else { return }
        var url: UnsafeMutablePointer<CChar>?
        gauntlet_curl_get_string(pointer, CURLINFO_EFFECTIVE_URL, &url)
        let here = url.map { String(cString: $0) } ?? ""
        let origin = Origin(of: here)
        let next = request.redirected(
            by: sink.status, leavesOrigin: places.contains { Origin(of: $0, seenFrom: here) != origin })
        guard next != request else { return }
        self.request = next
        if next.method != request.method { gauntlet_curl_set_string(pointer, CURLOPT_CUSTOMREQUEST, nil) }
        if next.headers.values(of: "Cookie").isEmpty { gauntlet_curl_set_string(pointer, CURLOPT_COOKIE, nil) }
        set(headers: Self.lines(of: next))
    }
}

/// The origin of a URL (RFC 6454), as libcurl parses it.
private struct Origin: Equatable {
    private let parts: [String]

    /// Nil if the URL is invalid.
    init?(of url: String, seenFrom base: String? = nil) {
        let handle = curl_url()
        defer { curl_url_cleanup(handle) }
        for text in [base, url].compactMap(\.self) {
            guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_URLENCODE)) == CURLUE_OK else { return nil }
        }
        var parts: [String] = []
        for part in [CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT] {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else {
                return nil
            }
            parts.append(String(cString: text).lowercased())
            curl_free(text)
        }
        self.parts = parts
    }
}
