import CCurl
import Scenario

extension Request {
    /// What is sent to where an answer points (RFC 9110 section 15.4; Fetch, "HTTP-redirect fetch").
    ///
    /// - Parameter leavesOrigin: whether that is another server, which is not to have what was meant for this one.
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
    /// Changes the request where the head that has come makes libcurl send it elsewhere: libcurl would keep a method
    /// that it was given, the own cookies, and the type of a body that is no more.
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

/// Where a URL leads (RFC 6454), as libcurl reads it.
private struct Origin: Equatable {
    private let parts: [String]

    /// Nil where it leads nowhere.
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
