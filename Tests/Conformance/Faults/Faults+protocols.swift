import NIOHTTP1

@testable import TodoServer

// Faults of HTTP, the documentation and the health routes.
extension Fault {
    /// A server that checks the body before the token, or before the limit.
    private static func bodyFirst(
        _ name: String, _ caught: String, of method: HTTPMethod = .POST, unlessNoToken: Bool
    ) -> Fault {
        Fault(
            name, caught,
            instead: { request in
                guard request.path.hasPrefix("/todos"), request.method == method else { return nil }
                if unlessNoToken, request.fields.authorization == nil { return nil }
                do {
                    let object = try request.jsonObject()
                    if method == .POST { _ = try TodoInput(object) }
                    return nil
                } catch {
                    return Response(error)
                }
            })
    }

    private static func document(_ name: String, _ caught: String, _ old: String, _ new: String) -> Fault {
        Fault(
            name, caught,
            answering: { if $0.path == "/openapi.json" { $1.text = $1.text.replacing(old, with: new) } })
    }

    static let protocols: [Fault] = [
        Fault(
            "returns HTML for an unknown path", "HTTP-1",
            answering: { request, response in
                guard response.text.contains("Not Found") else { return }
                response.text = "<h1>Not Found</h1>"
                response["Content-Type"] = "text/html"
            }),
        Fault(
            "returns 404 for an unknown method", "HTTP-2",
            answering: { if $1.status == .methodNotAllowed { $1 = HTTPError.notFound.response } }),
        Fault(
            "returns HTML for an unknown method of /login", "HTTP-2",
            answering: { request, response in
                guard request.path == "/login", response.status == .methodNotAllowed else { return }
                response.text = "<h1>Method Not Allowed</h1>"
                response["Content-Type"] = "text/html"
            }),
        Fault("does not send Allow", "HTTP-2", answering: { $1.remove("Allow") }),
        Fault(
            "lists only GET in Allow", "HTTP-3",
            answering: { if $1["Allow"]?.contains("GET") == true { $1["Allow"] = "GET" } }),
        Fault(
            "lists every method in Allow", "HTTP-3",
            answering: { if $1["Allow"] != nil { $1["Allow"] = "GET, HEAD, POST, PUT, PATCH, DELETE" } }),
        Fault(
            "allows caching of the response to a change", "HTTP-11",
            answering: { if $0.method == .PATCH { $1.remove("Cache-Control") } }),
        Fault(
            "does not support HEAD", "HTTP-4",
            instead: { $0.method == .HEAD ? HTTPError.methodNotAllowed(allowed: [.GET]).response : nil }),
        Fault(
            "does not support HEAD of a todo", "HTTP-5",
            instead: {
                $0.method == .HEAD && $0.path.hasPrefix("/todos/")
                    ? HTTPError.methodNotAllowed(allowed: [.GET]).response : nil
            }),
        Fault(
            "allows caching of lists", "HTTP-6",
            answering: { if $1.status == .ok, $0.path == "/todos" { $1.remove("Cache-Control") } }),
        Fault(
            "allows caching of errors", "HTTP-6",
            answering: { if $1.status.code >= 400 { $1.remove("Cache-Control") } }),
        Fault(
            "checks the token before the method", "HTTP-7",
            instead: {
                $0.path.hasPrefix("/todos") && $0.fields.authorization == nil
                    ? AuthError.notAuthenticated.response : nil
            }),
        Fault("checks the limit before the token", "HTTP-8") { parts in
            parts.limiter = { FaultyLimiter($0, .refunds) }
            parts.wrap = { server, limiter in
                { request in
                    guard request.path == "/todos" else { return await server(request) }
                    let admission = await limiter.admit(request.client.key)
                    guard admission.isAdmitted else {
                        return Response(status: .tooManyRequests, detail: "Too many requests")
                    }
                    (limiter as? FaultyLimiter)?.refund(request.client.key)
                    return await server(request)
                }
            }
        },
        bodyFirst("checks the body before the token", "HTTP-9", unlessNoToken: false),
        bodyFirst("checks the body before the limit", "HTTP-10", unlessNoToken: true),
        bodyFirst("checks the body of a change before the token", "HTTP-9", of: .PATCH, unlessNoToken: false),
        bodyFirst("checks the body of a change before the limit", "HTTP-10", of: .PATCH, unlessNoToken: true),
        Fault(
            "allows caching of 404 and 405", "HTTP-11",
            answering: {
                if $1.status == .methodNotAllowed || $1.text.contains("Not Found") { $1.remove("Cache-Control") }
            }),
        Fault(
            "allows caching of 413 and 415", "HTTP-11",
            answering: {
                if [.payloadTooLarge, .unsupportedMediaType].contains($1.status) { $1.remove("Cache-Control") }
            }),
        Fault("has no documentation", "DOCS-1", instead: { $0.path == "/docs" ? HTTPError.notFound.response : nil }),
        Fault(
            "has an empty description", "DOCS-2", instead: { $0.path == "/openapi.json" ? Response(json: "{}") : nil }),
        document("does not describe the login", "DOCS-2", "oauth2", "http"),
        document("has an OpenAPI 3.0 description", "DOCS-4", "\"3.1.0\"", "\"3.0.3\""),
        document("does not describe deletions", "DOCS-4", "\"delete\"", "\"x-delete\""),
        document("does not describe the limit", "DOCS-5", "\"429\"", "\"x-429\""),
        Fault(
            "has no /health", "HEALTH-1", instead: { $0.path == "/health" ? HTTPError.notFound.response : nil }),
        Fault(
            "does not name dependencies in /ready", "HEALTH-2",
            answering: { if $0.path == "/ready" { $1 = Response(json: #"{"status":"ok"}"#) } }),
        Fault(
            "does not count by status", "HEALTH-3",
            answering: {
                if $0.path == "/metrics" { $1.text = $1.text.replacing("status=\"200\"", with: "code=\"ok\"") }
            }),
        Fault(
            "counts rejected requests as 200", "HEALTH-3",
            answering: {
                if $0.path == "/metrics" { $1.text = $1.text.replacing("status=\"422\"", with: "status=\"200\"") }
            }),
        Fault(
            "has metrics that do not change", "HEALTH-4",
            instead: {
                $0.path == "/metrics" ? Response(json: "\"cache hit miss limit\"") : nil
            }),
        Fault("never counts a denial", "HEALTH-4", answering: zero(#"decision="denied""#)),
        Fault("never counts a hit", "HEALTH-4", answering: zero(#"result="hit""#)),
    ]

    /// Sets the metrics with a label to zero.
    private static func zero(_ label: String) -> @Sendable (Request, inout Response) -> Void {
        { request, response in
            guard request.path == "/metrics" else { return }
            let lines = response.text.split(separator: "\n", omittingEmptySubsequences: false)
            response.text = lines.map { $0.contains(label) ? $0.prefix { $0 != "}" } + "} 0" : $0 }.joined(
                separator: "\n")
        }
    }
}
