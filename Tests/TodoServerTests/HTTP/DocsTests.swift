import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct DocsTests {
    @Test func describesItsRoutes() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let response = try await client.get("/openapi.json")
            #expect(response.headers["content-type"] == "application/json")
            guard case .object(let document) = try JSONReader.value(of: Array(response.body.utf8)),
                case .object(let paths)? = document["paths"]
            else {
                Issue.record("no paths")
                return
            }
            #expect(document["openapi"] == "3.1.0")
            #expect(
                paths.members.map(\.name) == [
                    "/login", "/register", "/todos", "/todos/{id}", "/health", "/ready", "/metrics",
                ])
            // Every schema that is spoken of is there.
            guard case .object(let components)? = document["components"],
                case .object(let schemas)? = components["schemas"]
            else {
                Issue.record("no schemas")
                return
            }
            let references = response.body.split(separator: "\"#/components/schemas/").dropFirst()
            #expect(!references.isEmpty)
            for reference in references {
                #expect(schemas[String(reference.prefix { $0 != "\"" })] != nil)
            }
        }
    }

    @Test func showsThem() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let page = try await client.get("/docs")
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("/openapi.json"))
        }
    }
}
