import Foundation
import Scenario
import ScenarioRunner
import Testing
import TestSupport

/// Instances on one Redis share one limit.
@Suite(.timeLimit(.minutes(1)))
struct SharedLimitTests {
    @Test("of 50 concurrent requests from one address to two servers, exactly 5 are admitted")
    func exactlyFive() async throws {
        let statuses = try await TemporaryDirectory.with { directory in
            try await TestServer.withRedis { redis in
                let server = try TestServer.todoServer(
                    "--database \(directory)/todos.sqlite \(TestServer.patient(redis))")
                return try await server.run { one in
                    try await server.run { other in try Self.burst(50, over: [one, other]) }
                }
            }
        }
        #expect(statuses.count == 50)
        #expect(statuses.count { $0 == 200 } == 5, "\(statuses)")
        #expect(statuses.count { $0 == 429 } == 45, "\(statuses)")
    }

    private static func burst(_ count: Int, over servers: [BaseURL]) throws -> [Int] {
        let client = HTTPClient(
            ConnectionSettings(base: servers[0], address: SourceAddress(LoopbackAddresses().take())))
        let form = Array("username=admin&password=admin123".utf8)
        let login = client.send(
            Request(
                method: "POST", target: "/login",
                headers: [Header("Content-Type", "application/x-www-form-urlencoded")], body: form))
        let body = try login.result.get().body
        let token = try #require(try JSONDocument(parsing: body).root["access_token"]?.string)
        let requests = (0..<count).map { index in
            Request(
                target: servers[index % servers.count].resolve("/todos"),
                headers: [Header("Authorization", "Bearer \(token)")])
        }
        return try client.burst(requests, concurrency: count).exchanges.map { try $0.result.get().status }
    }
}
