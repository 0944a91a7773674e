import Foundation
import Scenario
import Synchronization
import Testing
import TestSupport

@testable import ScenarioRunner

/// Bursts over connections that need a TLS handshake before a request can be sent.
@Suite(.timeLimit(.minutes(1)))
struct TLSBurstTests {
    /// Observes the traffic between the client and TLS servers.
    private final class Relay: Sendable {
        /// Whether a request was sent before all handshakes were done.
        let isEarly = Mutex(false)
        /// Number of requests sent.
        let requests = Atomic<Int>(0)
        /// Whether the slow handshake has started.
        let hasBegun = Atomic<Bool>(false)
        let early = DispatchSemaphore(value: 0)
        private let connections = Atomic<Int>(0)

        /// The number of the next connection, from 0.
        func next() -> Int { connections.add(1, ordering: .relaxed).oldValue }

        func noteRequest() {
            requests.add(1, ordering: .relaxed)
            guard !hasBegun.load(ordering: .acquiring) else { return }
            isEarly.withLock { $0 = true }
            early.signal()
        }
    }

    /// Runs the body against three servers behind a relay, one per connection, because `openssl s_server` handles one
    /// connection at a time. The first connection's handshake is delayed until a request is sent on another connection,
    /// or until `hold` seconds have passed.
    ///
    /// - Parameter serviceTime: delay of each request, in seconds.
    private static func withServers(
        _ version: String, hold: Double = 0.5, serviceTime: Double = 0,
        _ body: @escaping @Sendable (BaseURL, Relay) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let openssl = try Programs.installed("openssl", package: "openssl")
            let ports = try (0..<3).map { _ in try FreePort.find() }
            let servers = ports.map {
                "\(openssl) s_server -accept 127.0.0.1:\($0) -key \(directory)/key.pem -cert \(directory)/cert.pem "
                    + "-www -\(version) > \(directory)/\($0) &"
            }
            let serve = """
                \(openssl) req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
                -keyout \(directory)/key.pem -out \(directory)/cert.pem 2>/dev/null
                \(servers.joined(separator: "\n"))
                for port in \(ports.map(String.init).joined(separator: " ")); do
                  while ! grep -q ACCEPT \(directory)/$port; do sleep 0.01; done
                done
                echo http://127.0.0.1:$1; wait
                """
            let relay = Relay()
            // In TLS 1.3, the client's Finished message is an application data record too.
            let first = version == "tls1_3" ? 2 : 1
            let front = try ScriptedServer { connection in
                guard connection.hasFirstByte() else { return }
                let number = relay.next()
                var records = TLSRecords()
                var isHeld = number == 0
                connection.relay(toPort: ports[number]) { bytes in
                    if isHeld {
                        isHeld = false
                        _ = relay.early.wait(timeout: .now() + hold)
                        relay.hasBegun.store(true, ordering: .releasing)
                    }
                    let before = records.applicationData
                    records.read(bytes)
                    if before < first, records.applicationData >= first {
                        relay.noteRequest()
                        Thread.sleep(forTimeInterval: serviceTime)
                    }
                    return bytes
                }
            }
            let command = serve.replacing("$1", with: "\(front.base.port)")
            try await ServedCommand(command: command).run { base in
                let secure = try #require(BaseURL("https://127.0.0.1:\(base.port)"))
                try await body(secure, relay)
            }
            withExtendedLifetime(front) {}
        }
    }

    private static let burst = #"{ "id": "b", "burst": { "count": 3 }, "request": { "url": "/" } }"#

    @Test("a burst sends no request before the slowest handshake is done", arguments: ["tls1_2", "tls1_3"])
    func slowHandshake(version: String) async throws {
        try await Self.withServers(version) { base, relay in
            let scenario = try RunnerFixture.read(
                #"{ "name": "n", "client": { "tls": { "insecure": true } }, "steps": [ \#(Self.burst) ] }"#)
            let result = await ScenarioRunner(base: base).run([scenario])
            #expect(result.messages == [])
            #expect(!relay.isEarly.withLock { $0 }, "a request was sent before all handshakes were done")
            #expect(relay.requests.load(ordering: .relaxed) == 3)
            let burst = try #require(result.only.steps[0].burst)
            #expect(burst.concurrency == 3 && burst.spread < .milliseconds(400))
        }
    }

    @Test("the slowest handshake is not part of a request's time")
    func timeout() async throws {
        // Handshake and service time together exceed the timeout.
        try await Self.withServers("tls1_3", hold: 1, serviceTime: 2.2) { base, _ in
            let step = Self.burst.replacing(#""url": "/""#, with: #""url": "/", "timeout": "3s""#)
            let scenario = try RunnerFixture.read(
                #"{ "name": "n", "client": { "tls": { "insecure": true } }, "steps": [ \#(step) ] }"#)
            let result = await ScenarioRunner(base: base).run([scenario])
            #expect(result.messages == [])
            #expect(result.only.steps[0].exchanges.allSatisfy { $0.duration < .seconds(3) })
        }
    }

    @Test("a failed handshake prevents all requests of a burst")
    func failedHandshake() async throws {
        try await Self.withServers("tls1_3") { base, relay in
            let scenario = try RunnerFixture.read(#"{ "name": "n", "steps": [ \#(Self.burst) ] }"#)
            let result = await ScenarioRunner(base: base).run([scenario])
            #expect(
                result.messages.count == 1 && result.messages[0].contains("could not establish a TLS connection to"),
                "\(result.messages)")
            #expect(relay.requests.load(ordering: .relaxed) == 0)
        }
    }
}

/// Counts application data records in a TLS stream. A record is a type, a version, a length and the payload (RFC 8446,
/// section 5.1).
private struct TLSRecords {
    private(set) var applicationData = 0
    private var rest: [UInt8] = []

    mutating func read(_ bytes: [UInt8]) {
        rest += bytes
        while rest.count >= 5, case let length = Int(rest[3]) << 8 | Int(rest[4]), rest.count >= 5 + length {
            if rest[0] == 23 { applicationData += 1 }
            rest.removeFirst(5 + length)
        }
    }
}
