import Testing
import TestSupport

@testable import TodoServer

/// Restarts PostgreSQL under load, and starts a server without it.
@Suite(.timeLimit(.minutes(2))) struct PostgreSQLFaultTests {
    @Test("while PostgreSQL restarts, requests fail with 503 only, or 504 for a write in progress")
    func requestsGoOn() async throws {
        try await TestPostgreSQL.with { postgreSQL in
            let database = DatabaseAddress.postgreSQL(try await postgreSQL.newDatabase())
            try await RunningServer.with({ $0.database = database }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                let traffic = try await Traffic.over(server) {
                    try await Task.sleep(for: .milliseconds(300))
                    var gone = ContinuousClock.now
                    try await postgreSQL.restart {
                        gone = .now
                        try await waitUntil("/ready shows the outage") { try await client.get("/ready").status == 503 }
                        #expect(
                            try await client.get("/ready").body == #"{"status":"unavailable","database":"unavailable"}"#
                        )
                        #expect(try await client.get("/metrics").body.contains("\ntodo_database_up 0\n"))
                        let refused = try await client.post(#"{"title":"b"}"#, token: token)
                        #expect(refused.status == 503 && refused.headers["retry-after"] == "1")
                        #expect(try await client.get("/health").status == 200)
                        try await Task.sleep(for: .seconds(1))
                    }
                    let back = ContinuousClock.now
                    try await waitUntil("writes succeed again") {
                        try await client.post(#"{"title":"b"}"#, token: token).status == 201
                    }
                    #expect(ContinuousClock.now - back < Patience.untilBack)
                    try await waitUntil("/ready reports the recovery") { try await client.get("/ready").status == 200 }
                    try await Task.sleep(for: .milliseconds(200))
                    return gone..<back
                }
                // A write in progress when PostgreSQL stopped may have been committed: 504. No other request gets 504.
                #expect(Set(traffic.statuses.keys).isSubset(of: [200, 503, 504]), "\(traffic.statuses)")
                #expect(traffic.samples.allSatisfy { ($0.status == 503) == $0.hasRetryAfter })
                #expect(traffic.samples.allSatisfy { $0.status != 504 || $0.isWrite })
                #expect(traffic.samples.last?.status == 200)
                try Patience.expectPromptness(of: traffic)
                print("PostgreSQL restarted: \(traffic.statuses), p99 \(try traffic.percentile(99))")
            }
        }
    }

    @Test("the server does not start without PostgreSQL, and its error hides the password")
    func doesNotStartWithoutIt() async throws {
        let port = try freePort()
        let url = try PostgreSQLURL(parsing: "postgres://me:hidden@127.0.0.1:\(port)/todos")
        let error = await #expect(throws: StartupError.self) {
            try await RunningServer.with({ $0.database = .postgreSQL(url) }) { _ in }
        }
        let text = "\(error.map { $0.description } ?? "")"
        #expect(text.contains("postgres://me:********@127.0.0.1:\(port)/todos") && text.contains("Connection refused"))
        #expect(!text.contains("hidden"))
    }
}
