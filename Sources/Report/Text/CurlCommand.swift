import Scenario
import ScenarioRunner

/// A request as a shell command; if it names files, it must run in the scenario's directory.
package enum CurlCommand {
    package static func render(_ exchange: Exchange) -> String { render(exchange, bodyLimit: BodyExcerpt.limit) }

    /// - Parameter bodyLimit: the maximum length of a body that is part of the command, in bytes.
    static func render(_ exchange: Exchange, bodyLimit: Int) -> String {
        let request = exchange.request
        var words = ["curl", "-sS"]
        var remark: String?
        if request.method == "HEAD" {
            words.append("--head")
        } else {
            words.append("-i")
            let implied = request.body == nil ? "GET" : "POST"
            if request.method != implied { words += ["-X", quote(request.method)] }
        }
        for header in request.headers where header.name.lowercased() != "cookie" {
            words += ["-H", quote(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")]
        }
        // In the order sent.
        let cookies = [exchange.storedCookies].compactMap { $0 } + request.headers.values(of: "Cookie")
        if !cookies.isEmpty { words += ["-b", quote(cookies.joined(separator: "; "))] }
        words += options(of: request, to: exchange.url) + options(of: exchange.client, to: exchange.url)
        if request.method != "HEAD", let body = request.body {
            if let file = request.bodyFile {
                words += ["--data-binary", quote("@\(file)")]
            } else if body.contains(0) || body.count > bodyLimit {
                words += ["--data-binary", "@BODY"]
                remark =
                    "BODY: a file with the body, \(NumberText.count(request.bodyLength)) bytes "
                    + (body.contains(0) ? "that a shell word cannot hold" : "that are too long for a command")
            } else {
                words += ["--data-raw", quote(body)]
            }
        }
        words.append(quote(exchange.url))
        if let remark { words.append("# \(remark)") }
        return words.joined(separator: " ")
    }
}
