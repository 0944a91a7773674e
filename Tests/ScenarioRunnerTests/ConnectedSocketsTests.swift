import Glibc
import Testing
import TestSupport

@testable import ScenarioRunner

@Suite(.timeLimit(.minutes(1)))
struct ConnectedSocketsTests {
    private static func close(_ sockets: [Int32]) { for socket in sockets { Glibc.close(socket) } }

    @Test("a host's next address is tried if one refuses the connection")
    func severalAddresses() throws {
        let server = try ScriptedServer { _ = $0.read() }
        let sockets = try ConnectedSockets.open(
            to: [server.base, server.base], from: [nil, nil], timeout: .seconds(30),
            lookUp: { _, port, _ throws(TransportError) in
                [try .numeric("::1", port), try .numeric("127.0.0.1", port)]
            })
        #expect(sockets.count == 2)
        Self.close(sockets)
        withExtendedLifetime(server) {}
    }

    @Test("a host whose addresses all refuse the connection is an error")
    func refused() throws {
        let base: BaseURL
        do { base = try ScriptedServer { _ in }.base }
        let error = #expect(throws: TransportError.self) {
            try ConnectedSockets.open(
                to: [base], from: [nil], timeout: .seconds(30),
                lookUp: { _, port, _ throws(TransportError) in
                    [try .numeric("::1", port), try .numeric("127.0.0.1", port)]
                })
        }
        #expect(error?.code == .refused)
    }

    @Test("a stopped run does not wait for connections")
    func stopped() throws {
        let server = try ScriptedServer { _ = $0.read() }
        let stopFlag = StopFlag()
        stopFlag.set()
        let error = #expect(throws: TransportError.self) {
            try ConnectedSockets.open(to: [server.base], from: [nil], timeout: .seconds(30), until: stopFlag)
        }
        #expect(error?.code == .stopped)
        withExtendedLifetime(server) {}
    }
}
