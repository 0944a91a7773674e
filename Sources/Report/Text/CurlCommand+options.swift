import Scenario

// Options that make curl send what the runner sent. Defaults are omitted, so simple requests have short commands.
extension CurlCommand {
    static func options(of request: Request, to url: String) -> [String] {
        let options = request.options
        var words: [String] = []
        if options.redirects > 0 { words += ["-L", "--max-redirs", "\(options.redirects)"] }
        // curl treats a request with a body as a POST, and drops the body on a 301 or 302.
        if options.redirects > 0, request.body != nil, request.method != "POST" { words += ["--post301", "--post302"] }
        if options.isCompressed { words.append("--compressed") }
        if options.timeout != RequestOptions().timeout {
            words += ["--max-time", seconds(options.timeout)]
        }
        // The runner sends a path unchanged: no dot segments removed, no globbing.
        let path = url.prefix { $0 != "?" && $0 != "#" }
        if path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) { words.append("--path-as-is") }
        if url.contains(where: { "[]{}".contains($0) }) { words.append("-g") }
        return words
    }

    /// Seconds as a decimal number, to the millisecond, which is the precision of the runner's own timeout.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(1, duration.nanoseconds / 1_000_000)
        let fraction = String(String(1_000 + milliseconds % 1_000).dropFirst().reversed().drop { $0 == "0" }.reversed())
        return "\(milliseconds / 1_000)\(fraction.isEmpty ? "" : ".\(fraction)")"
    }

    /// Options for the client. A per-scenario or per-request source address is omitted: it is random, and every command
    /// to a loopback server would contain one.
    static func options(of client: ClientOptions, to url: String) -> [String] {
        var words: [String] = []
        func add(_ option: String, _ value: String?) {
            if let value { words += [option, quote(value)] }
        }
        if case .fixed(let address) = client.address { add("--interface", address) }
        add("-x", client.proxy)
        add("--unix-socket", client.unixSocket)
        for (place, address) in client.resolve.sorted(by: { $0.key < $1.key }) {
            add("--resolve", "\(place):\(address)")
        }
        switch client.httpVersion {
        case "1.1": words.append("--http1.1")
        case "2": words.append(url.hasPrefix("https:") ? "--http2" : "--http2-prior-knowledge")
        default: break
        }
        if client.isInsecure { words.append("-k") }
        add("--cacert", client.caFile)
        add("--cert", client.certificate)
        add("--key", client.key)
        return words
    }
}
