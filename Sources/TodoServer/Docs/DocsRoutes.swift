import NIOCore
import NIOHTTP1

/// Serves `/openapi.json`, and `/docs`, which displays it with Swagger UI.
package struct DocsRoutes: Sendable {
    private static let cdn = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5.17.14"
    private static let ownPath = "/docs/assets"

    private let document: ByteBuffer
    private let page: ByteBuffer
    private let assets: [DocsAssets.File]

    /// - Parameter assets: Swagger UI's files; nil to load them from the public CDN.
    package init(describing routes: [Route], assets: DocsAssets? = nil) {
        var document = ByteBuffer()
        document.writeJSON(OpenAPI(routes: routes).document)
        self.document = document
        self.assets = assets?.files ?? []
        page = ByteBuffer(string: Self.html(assetsAt: assets == nil ? Self.cdn : Self.ownPath))
    }

    package var routes: [Route] {
        let pages = [
            Self.route("/openapi.json", "application/json", document),
            Self.route("/docs", "text/html; charset=utf-8", page),
        ]
        return pages + assets.map { Self.route("\(Self.ownPath)/\($0.name)", $0.mediaType, $0.bytes) }
    }

    private static func route(_ path: String, _ mediaType: String, _ bytes: ByteBuffer) -> Route {
        Route(.GET, path) { _ in
            Response(status: .ok, headers: [.init("Content-Type", mediaType)], body: .init(bytes: bytes))
        }
    }

    private static func html(assetsAt base: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Todos</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="\(base)/\(DocsAssets.stylesheet)">
        </head>
        <body>
        <div id="swagger-ui"></div>
        <script src="\(base)/\(DocsAssets.script)"></script>
        <script>SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui" });</script>
        <noscript>This page needs JavaScript. API description: <a href="/openapi.json">/openapi.json</a>.</noscript>
        </body>
        </html>

        """
    }
}
