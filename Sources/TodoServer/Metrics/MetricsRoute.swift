import NIOCore
import NIOHTTP1

/// `/metrics`, in the Prometheus text format.
package struct MetricsRoute: Sendable {
    let metrics: Metrics

    package var routes: [Route] {
        [
            Route(
                .GET, "/metrics", show,
                Operation(summary: "Get the server's metrics", answer: "Metrics", mediaType: "text/plain"))
        ]
    }

    func show(_ request: Request) async throws -> Response {
        var bytes = ByteBuffer()
        await metrics.write(into: &bytes)
        return Response(
            status: .ok,
            headers: [
                .init("Content-Type", "text/plain; version=0.0.4; charset=utf-8"), .init("Cache-Control", "no-store"),
            ],
            body: .init(bytes: bytes))
    }
}
