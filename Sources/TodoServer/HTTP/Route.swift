import NIOHTTP1

/// Handles a request. An error that it throws is converted by `Response(_: any Error)`.
package typealias Handler = @Sendable (Request) async throws -> Response

/// A method, a path and their handler. A last segment `{…}` matches any single segment.
package struct Route: Sendable {
    package var method: HTTPMethod
    package var path: String
    package var handler: Handler
    /// Nil if `/openapi.json` does not list the route.
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
