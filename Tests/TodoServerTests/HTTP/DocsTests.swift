import Foundation
import Testing
import TestSupport

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct DocsTests {
    @Test("the OpenAPI document lists the routes and defines every schema that it references")
    func describesItsRoutes() async throws {
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
            // Every referenced schema exists.
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

    @Test("the OpenAPI document lists every status that a write can return")
    func describesFailuresOfWrites() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let document = try JSONReader.value(of: Array(try await client.get("/openapi.json").body.utf8))
            func statuses(_ path: String, _ method: String) -> [String] {
                guard case .object(let document) = document, case .object(let paths)? = document["paths"],
                    case .object(let item)? = paths[path], case .object(let operation)? = item[method],
                    case .object(let responses)? = operation["responses"]
                else { return [] }
                return responses.members.map(\.name)
            }
            for (path, method) in [
                ("/todos", "post"), ("/todos/{id}", "patch"), ("/todos/{id}", "delete"), ("/register", "post"),
            ] {
                let statuses = statuses(path, method)
                #expect(statuses.contains("503") && statuses.contains("504"), "\(method) \(path)")
                #expect(statuses.contains("409") == (method == "post"), "\(method) \(path)")
            }
            #expect(statuses("/todos", "get").contains("503") && !statuses("/todos", "get").contains("504"))
        }
    }

    @Test("/docs loads the OpenAPI document")
    func showsThem() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let page = try await client.get("/docs")
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("/openapi.json"))
        }
    }

    @Test("/docs uses local assets if they are configured")
    func servesItsOwnAssets() async throws {
        try await TemporaryDirectory.with { directory in
            try "a {}".write(toFile: directory + "/swagger-ui.css", atomically: true, encoding: .utf8)
            #expect(throws: StartupError.self) { try DocsAssets(directory: directory) }
            try "let é".write(toFile: directory + "/swagger-ui-bundle.js", atomically: true, encoding: .utf8)
            try await RunningServer.with({ $0.docsAssets = directory }) { server in
                let client = try await RawClient.connect(to: server)
                let page = try await client.get("/docs").body
                #expect(!page.contains("https://"))
                #expect(
                    page.contains("\"/docs/assets/swagger-ui.css\"")
                        && page.contains("\"/docs/assets/swagger-ui-bundle.js\""))
                let script = try await client.get("/docs/assets/swagger-ui-bundle.js")
                #expect(script.body == "let é")
                #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
                #expect(
                    try await client.get("/docs/assets/swagger-ui.css").headers["content-type"]?.hasPrefix("text/css")
                        == true)
                #expect(try await client.get("/docs/assets/other").status == 404)
            }
        }
    }
}
