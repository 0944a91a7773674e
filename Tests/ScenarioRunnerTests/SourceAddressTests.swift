import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Source addresses of requests.
@Suite(.timeLimit(.minutes(1)))
struct SourceAddressTests {
    /// A server that records the addresses of its clients.
    private final class Doorkeeper: Sendable {
        private let seen = Mutex<[String]>([])
        var visitors: [String] { seen.withLock { $0 } }

        @Sendable func serve(_ connection: ScriptedConnection) {
            seen.withLock { $0.append(connection.peer) }
            while connection.read() != nil, connection.write(ScriptedAnswer(200).bytes) {}
        }
    }

    private static func client(_ address: String) -> String { #""client": { "address": "\#(address)" },"# }

    @Test("own addresses are used on IPv4 loopback, and elsewhere the system chooses", arguments: ["own", "each"])
    func otherFamily(_ address: String) async throws {
        let (first, second) = (Doorkeeper(), Doorkeeper())
        let server = try ScriptedServer(first.serve)
        let other = try ScriptedServer.overIPv6(second.serve)
        let result = try await RunnerFixture.run(
            """
            { "id": "a", "request": { "url": "/" } }, { "id": "b", "request": { "url": "\(other.base.text)/" } },
            { "id": "c", "burst": { "count": 2 }, "request": { "url": "\(other.base.text)/" } }
            """, head: Self.client(address), against: server)
        #expect(result.messages == [])
        #expect(first.visitors.allSatisfy { $0.hasPrefix("127.") && $0 != "127.0.0.1" } && first.visitors.count == 1)
        #expect(second.visitors == ["::1", "::1", "::1"])
        withExtendedLifetime(other) {}
    }

    @Test("a redirect to another address family is followed")
    func redirect() async throws {
        let doorkeeper = Doorkeeper()
        let other = try ScriptedServer.overIPv6(doorkeeper.serve)
        let place = "\(other.base.text)/"
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(302, [("Location", place)]) })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/", "followRedirects": 1 }, "expect": { "status": 200 } }"#,
            against: server)
        #expect(result.messages == [])
        #expect(doorkeeper.visitors == ["::1"])
        withExtendedLifetime(other) {}
    }

    @Test("a scenario can name an IPv6 source address for an IPv6 server")
    func named() async throws {
        let doorkeeper = Doorkeeper()
        let server = try ScriptedServer.overIPv6(doorkeeper.serve)
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" } }, { "id": "b", "burst": { "count": 2 }, "request": { "url": "/" } }"#,
            head: Self.client("::1"), against: server)
        #expect(result.messages == [])
        #expect(doorkeeper.visitors == ["::1", "::1", "::1"])
    }

    @Test(
        "an unusable source address is an error, and no other address is used",
        arguments: [
            ("::1", "the server has no address of the same family as the source address ::1"),
            ("198.51.100.7", "cannot send requests from 198.51.100.7: it is not an address of this machine"),
        ], ["", #""burst": { "count": 2 },"#])
    func unusable(_ address: (text: String, message: String), _ repetition: String) async throws {
        let doorkeeper = Doorkeeper()
        let server = try ScriptedServer(doorkeeper.serve)
        let result = try await RunnerFixture.run(
            #"{ "id": "a", \#(repetition) "request": { "url": "/" } }"#, head: Self.client(address.text),
            against: server)
        #expect(result.only.outcome == .errored)
        #expect(result.messages == ["no complete response in step \"a\": \(address.message)"])
        #expect(doorkeeper.visitors == [])
    }
}
