import NIOCore
import NIOHTTP1

/// `/health`: the process responds. `/ready`: the state of its database and Redis.
package struct HealthRoutes: Sendable {
    let dependencies: Dependencies

    package var routes: [Route] {
        [
            Route(.GET, "/health", health, Operation(summary: "Check that the server runs", answer: "State")),
            Route(
                .GET, "/ready", ready,
                Operation(summary: "Check that the server is ready", answer: "State", unavailableAnswer: "State")),
        ]
    }

    func health(_ request: Request) async throws -> Response {
        Response(json: #"{"status":"ok"}"#, headers: [.init("Cache-Control", "no-store")])
    }

    /// 503 if the database does not respond. Redis only appears in the body: requests continue without it.
    func ready(_ request: Request) async throws -> Response {
        let state = await dependencies.state()
        let hasDatabase = state.hasDatabase
        let redisState: StaticString? = state.hasRedis.map { $0 ? "ok" : "unavailable" }
        return Response(
            status: hasDatabase ? .ok : .serviceUnavailable, headers: [.init("Cache-Control", "no-store")]
        ) {
            $0.writeStaticString(hasDatabase ? "{\"status\":\"ok\"" : "{\"status\":\"unavailable\"")
            $0.writeStaticString(hasDatabase ? ",\"database\":\"ok\"" : ",\"database\":\"unavailable\"")
            if let redisState {
                $0.writeStaticString(",\"redis\":\"")
                $0.writeStaticString(redisState)
                $0.writeStaticString("\"")
            }
            $0.writeStaticString("}")
        }
    }
}
