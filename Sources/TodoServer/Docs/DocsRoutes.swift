import NIOCore
import NIOHTTP1

/// `/openapi.json`, and `/docs`, which shows it with Swagger UI.
package struct DocsRoutes: Sendable {
    private let document: ByteBuffer

    package init(describing routes: [Route]) {
        var document = ByteBuffer()
        document.writeJSON(OpenAPI(routes: routes).document)
        self.document = document
    }

    package var routes: [Route] {
        [Route(.GET, "/openapi.json", openAPI), Route(.GET, "/docs", page)]
    }

    private func openAPI(_ request: Request) async throws -> Response {
        Response(status: .ok, headers: [.json], body: .init(bytes: document))
    }

    private func page(_ request: Request) async throws -> Response {
        Response(
            status: .ok, headers: [.init("Content-Type", "text/html; charset=utf-8")], body: .init(prefix: Self.html))
    }

    private static let html: StaticString = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Todos</title>
        <link rel="stylesheet" href="https://cdn.jsdelivr.net/npm/swagger-ui-dist@5.17.14/swagger-ui.css">
        </head>
        <body>
        <div id="swagger-ui"></div>
        <script src="https://cdn.jsdelivr.net/npm/swagger-ui-dist@5.17.14/swagger-ui-bundle.js"></script>
        <script>SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui" });</script>
        <noscript>The description of this API is at <a href="/openapi.json">/openapi.json</a>.</noscript>
        </body>
        </html>

        """
}
