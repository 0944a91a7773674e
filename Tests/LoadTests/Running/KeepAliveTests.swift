import Testing
import TestSupport

@testable import Load

/// A server may close a connection without notice after a response, at any time (RFC 9112 section 9.3.1). A request
/// that meets such a close has not failed.
@Suite(.timeLimit(.minutes(1)))
struct KeepAliveTests {
    /// How a server ends a connection after a response, without announcing it.
    enum Ending: CaseIterable {
        /// Immediately.
        case close
        /// With a reset, once the next request has been read.
        case reset
        /// With an orderly close, once the next request has been read.
        case ignore
    }

    private static func server(_ ending: Ending) throws -> ScriptedServer {
        try ScriptedServer { connection in
            guard connection.read() != nil, connection.write(answer("hello")) else { return }
            switch ending {
            case .close: return
            case .reset: if connection.read() != nil { connection.resetOnClose() }
            case .ignore: _ = connection.read()
            }
        }
    }

    @Test("an idempotent request is retried when a kept-alive connection ends", arguments: Ending.allCases)
    func again(ending: Ending) throws {
        let server = try Self.server(ending)
        let renderer = StubRenderer { _ in Array("GET / HTTP/1.1\r\n\r\n".utf8) }
        let rendered = PlannedStep(
            id: "rendered",
            action: .exchange(PlannedRequest(bytes: .rendered(renderer), isIdempotent: true)))
        let result = try LoadResult.load(server.address, steps: [.get(), rendered]) {
            $0.duration = .seconds(20)
            $0.maximumRequests = 60
        }
        #expect(result.errors == 0, "\(result.errorTallies)")
        #expect(result.responses == 60)
        #expect(result.reconnects.map(\.failure) == [nil])
        #expect(result.reconnects[0].count >= result.responses - 8)
    }

    @Test("retries do not change the number of requests counted towards the maximum")
    func exact() throws {
        let server = try Self.server(.ignore)
        let result = try LoadResult.load(server.address) {
            $0.duration = .seconds(20)
            $0.maximumRequests = 30
        }
        #expect(result.responses == 30 && result.errors == 0 && result.inFlight == 0)
        #expect(result.wasInterrupted == false && result.measured < 10_000_000_000)
    }

    @Test("a non-idempotent request is not retried", arguments: [Ending.reset, .ignore])
    func notAgain(ending: Ending) throws {
        let server = try Self.server(ending)
        let result = try LoadResult.load(server.address, steps: [.get(method: "POST")])
        #expect(result.responses > 0)
        #expect(Set(result.errorTallies.keys) == [ending == .reset ? .reset : .closed])
        #expect(server.requests <= result.responses + result.errors + result.inFlight)
    }

    @Test("a request on a fresh connection is not retried")
    func fresh() throws {
        let server = try ScriptedServer { connection in _ = connection.read() }
        let result = try LoadResult.load(server.address)
        #expect(result.responses == 0 && result.steps[0].errors[.closed]?.count ?? 0 > 0)
    }

    @Test("setup reuses its connection")
    func setupConnections() throws {
        let steps = (0..<5).map { #"{ "id": "s\#($0)", "request": { "method": "POST", "url": "/" } }"# }
        let server = try ScriptedServer(answering: answer("hello"))
        var session = try LoadSessionTests.session(
            server.port,
            #"{ "name": "n", "setup": [\#(steps.dropLast().joined(separator: ", "))], "steps": [\#(steps[4])] }"#)
        try session.setUp()
        #expect(server.requests == 4 && server.connections == 1)
    }

    @Test("setup succeeds when the server closes kept-alive connections", arguments: Ending.allCases)
    func setup(ending: Ending) throws {
        let server = try Self.server(ending)
        let steps = ["GET", "POST", "PUT", "POST", "GET"].enumerated().map { index, method in
            #"{ "id": "\#(index)", "request": { "method": "\#(method)", "url": "/" }, "expect": { "body": "hello" } }"#
        }.joined(separator: ", ")
        for _ in 0..<10 {
            var session = try LoadSessionTests.session(
                server.port,
                #"{ "name": "n", "setup": [\#(steps)], "steps": [{ "id": "s", "request": { "url": "/" } }] }"#)
            try session.setUp()
        }
    }
}
