import Logging
import NIOHTTP1

/// Answers a request; what it throws is rendered by `Response(_: any Error)`.
package typealias Handler = @Sendable (Request) async throws -> Response

/// A method and a path, and what answers them. A last segment `{…}` matches any one segment.
package struct Route: Sendable {
    package var method: HTTPMethod
    package var path: String
    package var handler: Handler
    /// Nil where `/openapi.json` does not tell of it.
    package var operation: Operation?

    package init(
        _ method: HTTPMethod, _ path: String, _ handler: @escaping Handler, _ operation: Operation? = nil
    ) {
        self.method = method
        self.path = path
        self.handler = handler
        self.operation = operation
    }
}

/// Finds the handler of a request: 404 for an unknown path, 405 for another method, HEAD wherever there is GET.
package struct Router: Sendable {
    private struct Methods: Sendable {
        var handlers: [(method: HTTPMethod, handler: Handler)] = []

        var allowed: [HTTPMethod] {
            handlers.flatMap { $0.method == .GET ? [.GET, .HEAD] : [$0.method] }
        }

        func handler(of method: HTTPMethod) -> Handler? {
            let method = method == .HEAD ? .GET : method
            return handlers.first { $0.method == method }?.handler
        }
    }

    private var exact: [String: Methods] = [:]
    /// Routes that end in a variable segment, by the path before it.
    private var prefixed: [String: Methods] = [:]

    private let logger: Logger

    package init(_ routes: [Route], logger: Logger) {
        self.logger = logger
        for route in routes {
            if let brace = route.path.firstIndex(of: "{") {
                prefixed[String(route.path[..<brace]), default: Methods()].handlers.append(
                    (route.method, route.handler))
            } else {
                exact[route.path, default: Methods()].handlers.append((route.method, route.handler))
            }
        }
    }

    package func respond(to request: Request) async -> Response {
        var request = request
        let response: Response
        do {
            let handler = try find(&request)
            response = try await handler(request)
        } catch {
            response = Response(error)
        }
        if let cause = response.cause {
            logger.error("\(request.method.rawValue) \(request.path): \(response.status.code): \(cause)")
        }
        return response
    }

    private func find(_ request: inout Request) throws(HTTPError) -> Handler {
        var methods = exact[request.path]
        if methods == nil, let slash = request.path.lastIndex(of: "/") {
            let parameter = request.path[request.path.index(after: slash)...]
            if !parameter.isEmpty {
                request.parameter = String(parameter)
                methods = prefixed[String(request.path[...slash])]
            }
        }
        guard let methods else { throw .notFound }
        guard let handler = methods.handler(of: request.method) else {
            throw .methodNotAllowed(allowed: methods.allowed)
        }
        return handler
    }
}
