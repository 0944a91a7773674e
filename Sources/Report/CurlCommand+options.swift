import Scenario

// What makes curl send as the runner did. Only what curl would not do anyway: simple requests have short commands.
extension CurlCommand {
    static func options(of request: Request, to url: String) -> [String] {
        let options = request.options
        var words: [String] = []
        if options.redirects > 0 { words += ["-L", "--max-redirs", "\(options.redirects)"] }
        // To curl every body is that of a POST, which would be lost.
        if options.redirects > 0, request.body != nil, request.method != "POST" { words += ["--post301", "--post302"] }
        if options.isCompressed { words.append("--compressed") }
        if options.timeout != RequestOptions().timeout {
            words += ["--max-time", seconds(options.timeout)]
        }
        // A path is sent as it is written, and means only itself.
        let path = url.prefix { $0 != "?" && $0 != "#" }
        if path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) { words.append("--path-as-is") }
        if url.contains(where: { "[]{}".contains($0) }) { words.append("-g") }
        return words
    }

    /// As a decimal number, to the millisecond, which is as exact as the runner's own timeout.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(1, duration.nanoseconds / 1_000_000)
        let fraction = String(String(1_000 + milliseconds % 1_000).dropFirst().reversed().drop { $0 == "0" }.reversed())
        return "\(milliseconds / 1_000)\(fraction.isEmpty ? "" : ".\(fraction)")"
    }

    /// An address that each scenario, or each request, has of its own is left out: it is taken at random, and every
    /// command to a server on loopback would name one.
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
