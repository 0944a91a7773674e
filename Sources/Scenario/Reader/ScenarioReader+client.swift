/// Reads the `client` block.
extension ScenarioReader {
    mutating func client(_ node: JSONNode?) -> ClientOptions {
        var options = ClientOptions()
        options.address = address(node)
        options.proxy = proxy(node?["proxy"])
        options.unixSocket = node?["unixSocket"]?.string
        for member in node?["resolve"]?.members.map({ $0 }) ?? [] {
            check(resolving: member.key, to: member.value)
            options.resolve[member.key.string ?? ""] = member.value.string
        }
        options.httpVersion = node?["httpVersion"]?.string
        options.caFile = node?["tls"]?["caFile"]?.string
        options.certificate = node?["tls"]?["certificate"]?.string
        options.key = node?["tls"]?["key"]?.string
        options.isInsecure = node?["tls"]?["insecure"]?.boolean ?? false
        return options
    }

    private mutating func address(_ node: JSONNode?) -> ClientAddress? {
        guard let address = node?["address"], let text = address.string else { return nil }
        switch text {
        case "own": return .own
        case "each": return .each
        case "shared": return .shared
        default:
            if !RecognisedText.isIPv4(text), !RecognisedText.isIPv6(text) {
                report(
                    .invalidValue, "expected \"own\", \"each\", \"shared\" or an IP address, found \"\(text)\"",
                    at: address.range)
            }
            return .fixed(text)
        }
    }

    private mutating func proxy(_ node: JSONNode?) -> String? {
        guard let node, let text = node.string else { return nil }
        if let message = ClientOptions.fault(inProxy: text) { report(.invalidValue, message, at: node.range) }
        return text
    }

    private mutating func check(resolving place: JSONNode, to address: JSONNode) {
        let parts = (place.string ?? "").split(separator: ":", omittingEmptySubsequences: false)
        if parts.count != 2 || parts[0].isEmpty || UInt16(parts[parts.count - 1]) == nil {
            report(
                .invalidValue, "expected a host and its port, such as \"example.org:443\", found \(place.literal)",
                at: place.range)
        }
        guard let text = address.string, !RecognisedText.isIPv4(text), !RecognisedText.isIPv6(text) else { return }
        report(.invalidValue, "expected an IP address, found \"\(text)\"", at: address.range)
    }
}

extension ClientOptions {
    /// Why a text is not a valid proxy URL, or nil if it is. A URL without a scheme means an HTTP proxy.
    package static func fault(inProxy text: String) -> String? {
        let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count < 2 || schemes.contains(parts[0].lowercased()) else {
            return "unsupported proxy scheme \(parts[0]): expected one of \(schemes.joined(separator: ", "))"
        }
        do throws(WebURL.Fault) { try WebURL.check("http://\(parts[parts.count - 1])") } catch {
            return "invalid proxy URL: \(error.message)"
        }
        return nil
    }
}
