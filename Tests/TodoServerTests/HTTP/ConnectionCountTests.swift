import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct ConnectionCountTests {
    private let one = ClientAddress(key: "192.0.2.1")
    private let other = ClientAddress(key: "192.0.2.2")

    @Test("connections far over the limit are closed without a response")
    func floods() {
        let count = ConnectionCount(limit: 2)
        for _ in 0..<2 { #expect(count.open(from: one) == .served) }
        for _ in 0..<64 { #expect(count.open(from: one) == .refused) }
        #expect(count.open(from: one) == .dropped)
    }

    @Test("one address cannot use up the connections of others")
    func share() {
        let count = ConnectionCount(limit: 1000, limitPerAddress: 2)
        for _ in 0..<2 { #expect(count.open(from: one) == .served) }
        for _ in 0..<64 { #expect(count.open(from: one) == .refused) }
        #expect(count.open(from: one) == .dropped)
        #expect(count.open(from: other) == .served)
        for _ in 0..<66 { count.close(from: one) }
        #expect(count.open(from: one) == .served, "it has room for two connections again")
        #expect(count.open(from: one) == .refused)
    }

    @Test("a trusted proxy has no limit of its own")
    func proxies() {
        let count = ConnectionCount(limit: 1000, limitPerAddress: 2)
        for _ in 0..<1000 { #expect(count.open(from: nil) == .served) }
        #expect(count.open(from: nil) == .refused)
    }

    @Test("addresses without connections are removed")
    func forgets() {
        let count = ConnectionCount(limit: 1000, limitPerAddress: 2)
        for number in 0..<100 { _ = count.open(from: ClientAddress(key: "\(number)")) }
        #expect(count.addressCount == 100)
        for number in 0..<100 { count.close(from: ClientAddress(key: "\(number)")) }
        #expect(count.addressCount == 0)
    }

    @Test("a connection over its address's limit gets 503 and is counted")
    func refuses() async throws {
        try await RunningServer.with({ $0.maxConnectionsPerAddress = 2 }) { server in
            let first = try await RawClient.connect(to: server)
            let second = try await RawClient.connect(to: server)
            #expect(try await first.get("/health").status == 200)
            #expect(try await second.get("/health").status == 200)
            let third = try await RawClient.connect(to: server)
            let refused = try await third.response()
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "1")
            #expect(await third.isClosed())
            let metrics = try await first.get("/metrics").body.split(separator: "\n")
            #expect(metrics.contains(#"todo_connections_refused_total{reason="address"} 1"#))
            #expect(metrics.contains(#"todo_connections_refused_total{reason="total"} 0"#))
        }
    }

    @Test("a trusted proxy can open more connections than one address")
    func servesProxies() async throws {
        try await RunningServer.with({
            $0.maxConnectionsPerAddress = 1
            $0.trustedProxies = (try? AddressBlock.list(parsing: "127.0.0.1")) ?? []
            $0.adminPassword = "another one"
        }) { server in
            var clients: [RawClient] = []
            for _ in 0..<4 {
                let client = try await RawClient.connect(to: server)
                #expect(try await client.get("/health").status == 200)
                clients.append(client)
            }
        }
    }
}
