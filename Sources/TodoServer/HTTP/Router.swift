import Logging
import NIOHTTP1

/// Routes requests to handlers: 404 for an unknown path, 405 for an unsupported method, and HEAD wherever GET exists.
package final class Router: Sendable {
    private struct Match: Sendable {
        var method: HTTPMethod
        var handler: Handler
        var counters: RouteCounters
    }

    /// The methods of one path.
    private struct Resource: Sendable {
        var matches: [Match] = []
        /// Counts requests with an unsupported method.
        var others: RouteCounters

        var allowed: [HTTPMethod] {
            matches.flatMap { $0.method == .GET ? [.GET, .HEAD] : [$0.method] }
        }

        func match(_ method: HTTPMethod) -> Match? {
            let method = method == .HEAD ? .GET : method
            return matches.first { $0.method == method }
        }
    }

    private let exact: [String: Resource]
    /// Paths that end in a variable segment, by the part before it.
    private let prefixed: [String: Resource]
    /// Counts requests that match no path.
    private let strays: RouteCounters
    private let pathHeaders: [PathHeader]
    private let logger: Logger

    package init(_ routes: [Route], pathHeaders: [PathHeader], metrics: Metrics, logger: Logger) {
        self.pathHeaders = pathHeaders
        self.logger = logger
        strays = RouteCounters(method: "other", route: "other", in: metrics)
        var exact: [String: Resource] = [:]
        var prefixed: [String: Resource] = [:]
        for path in Set(routes.map(\.path)).sorted() {
            var resource = Resource(others: RouteCounters(method: "other", route: path, in: metrics))
            for route in routes where route.path == path {
                let counters = RouteCounters(method: route.method.rawValue, route: path, in: metrics)
                resource.matches.append(Match(method: route.method, handler: route.handler, counters: counters))
            }
            if let brace = path.firstIndex(of: "{") {
                prefixed[String(path[..<brace])] = resource
            } else {
                exact[path] = resource
            }
        }
        self.exact = exact
        self.prefixed = prefixed
    }

    package var responder: Responder {
        Responder(respond: respond, refuse: refuse(_:id:))
    }

    package func respond(to request: Request) async -> Response {
        var response = await routed(request)
        for each in pathHeaders where each.covers(request.path) { response.headers.append(each.header) }
        return response
    }

    private func routed(_ request: Request) async -> Response {
        var request = request
        guard let resource = find(&request) else { return counted(HTTPError.notFound.response, by: strays) }
        guard let match = resource.match(request.method) else {
            return counted(HTTPError.methodNotAllowed(allowed: resource.allowed).response, by: resource.others)
        }
        let response: Response
        do {
            response = try await match.handler(request)
        } catch {
            response = Response(error)
        }
        log(request, response)
        return counted(response, by: match.counters)
    }

    /// The response to input that cannot be routed. It has the headers of all paths, because it may have been meant for
    /// any of them.
    package func refuse(_ error: HTTPError, id: RequestID) -> Response {
        var response = error.response
        response.headers += pathHeaders.map(\.header)
        logger.debug("request rejected", metadata: ["request-id": "\(id)", "status": "\(response.status.code)"])
        return counted(response, by: strays)
    }

    /// Logs server-side failures as errors and all other requests at debug level.
    private func log(_ request: Request, _ response: Response) {
        let level: Logger.Level = response.cause == nil ? .debug : .error
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "request-id": "\(request.id)", "method": "\(request.method.rawValue)", "path": "\(request.path)",
            "client": "\(request.client.key)", "status": "\(response.status.code)",
        ]
        if let cause = response.cause { metadata["cause"] = "\(cause)" }
        logger.log(level: level, response.cause == nil ? "request completed" : "request failed", metadata: metadata)
    }

    private func counted(_ response: Response, by counters: RouteCounters) -> Response {
        counters.count(response.status)
        return response
    }

    private func find(_ request: inout Request) -> Resource? {
        if let resource = exact[request.path] { return resource }
        guard let slash = request.path.lastIndex(of: "/") else { return nil }
        let parameter = request.path[request.path.index(after: slash)...]
        guard !parameter.isEmpty else { return nil }
        request.parameter = String(parameter)
        return prefixed[String(request.path[...slash])]
    }
}
