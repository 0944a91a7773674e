import Foundation
import Scenario
import Synchronization
import Testing
import TestSupport

@testable import ScenarioRunner

/// Bursts over connections that need a TLS handshake before a request can be sent.
@Suite(.timeLimit(.minutes(1)))
struct TLSBurstTests {
    /// How requests get to a server that speaks TLS.
    enum Way: Sendable {
        case direct, http2
        /// Through a tunnel that a proxy opens when it is asked to with CONNECT.
        case proxy

        /// The scenario's client.
        func client(proxy: BaseURL) -> String {
            let more =
                switch self {
                case .direct: ""
                case .http2: #", "httpVersion": "2""#
                case .proxy: #", "proxy": "http://127.0.0.1:\#(proxy.port)""#
                }
            return #"{ "tls": { "insecure": true }\#(more) }"#
        }
    }

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

        /// Waits until a request is sent early, but not longer than given, and lets the slow handshake begin.
        func holdBack(for hold: Double) {
            _ = early.wait(timeout: .now() + hold)
            hasBegun.store(true, ordering: .releasing)
        }
    }

    /// Runs the body against three servers behind a relay, one per connection, because `openssl s_server` handles one
    /// connection at a time. The first connection's handshake, or the proxy's response to its CONNECT, is delayed until a
    /// request is sent on another connection, or until `hold` seconds have passed.
    ///
    /// - Parameter serviceTime: delay of each request, in seconds.
    private static func withServers(
        _ version: String, _ way: Way = .direct, hold: Double = 0.5, serviceTime: Double = 0,
        _ body: @escaping @Sendable (BaseURL, Relay) async throws -> Void
    ) async throws {
        try await TestCertificate.with { certificate in
            let directory = certificate.directory
            let openssl = try Programs.installed("openssl", package: "openssl")
            let ports = try (0..<3).map { _ in try FreePort.find() }
            try http2Responder.write(toFile: "\(directory)/http2", atomically: false, encoding: .utf8)
            let servers = ports.map { port in
                let server = "\(openssl) s_server -accept 127.0.0.1:\(port) \(certificate.options) -\(version)"
                guard way == .http2 else { return "\(server) -www > \(directory)/\(port) &" }
                let pipe = "\(directory)/\(port)"
                return "mkfifo \(pipe); \(server) -quiet -alpn h2 < \(pipe) | perl \(directory)/http2 > \(pipe) &"
            }
            let serve = """
                \(servers.joined(separator: "\n"))
                for port in \(ports.map(String.init).joined(separator: " ")); do
                  # Its socket listens: state 0A.
                  while ! grep -q ":$(printf %04X $port) 00000000:0000 0A" /proc/net/tcp; do sleep 0.01; done
                done
                echo http://127.0.0.1:$1; wait
                """
            let relay = Relay()
            // In TLS 1.3, the client's Finished message is an application data record too. libcurl sends
            // the preface of HTTP/2 in a record of its own.
            let first = (version == "tls1_3" ? 2 : 1) + (way == .http2 ? 1 : 0)
            let front = try ScriptedServer { connection in
                guard connection.hasFirstByte() else { return }
                let number = relay.next()
                var records = TLSRecords()
                var isHeld = number == 0
                if way == .proxy {
                    guard connection.read()?.method == "CONNECT" else { return }
                    if isHeld { relay.holdBack(for: hold) }
                    isHeld = false
                    connection.write("HTTP/1.1 200 Connection established\r\n\r\n")
                }
                connection.relay(toPort: ports[number]) { bytes in
                    if isHeld { relay.holdBack(for: hold) }
                    isHeld = false
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

    @Test(
        "a burst sends no request before the slowest handshake is done, over HTTP/2 and through a proxy too",
        arguments: [
            ("tls1_2", Way.direct), ("tls1_3", .direct), ("tls1_2", .http2), ("tls1_3", .http2), ("tls1_3", .proxy),
        ]
    )
    func slowHandshake(version: String, way: Way) async throws {
        try await Self.withServers(version, way) { base, relay in
            let expected = #"{ "status": 200, "httpVersion": "\#(way == .http2 ? "2" : "1.0")" }"#
            let step = Self.burst.replacing(#""request""#, with: #""expect": \#(expected), "request""#)
            let scenario = try RunnerFixture.read(
                #"{ "name": "n", "client": \#(way.client(proxy: base)), "steps": [ \#(step) ] }"#)
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

/// A Perl program that responds to each HTTP/2 request of one connection with the status 200. It reads the preface and
/// then frames (RFC 9113, section 4.1), and writes settings, an acknowledgement and a head. It sends its settings only
/// after a request, so that the client has nothing to acknowledge earlier.
private let http2Responder = #"""
    $| = 1; read STDIN, $_, 24;
    while (read STDIN, $_, 9) {
      ($high, $low, $type, $flags, $stream) = unpack "CnCCN"; read STDIN, $_, $high << 16 | $low;
      print pack "CnCCN CnCCN CnCCNC", 0, 0, 4, 0, 0, 0, 0, 4, 1, 0, 0, 1, 1, 5, $stream, 0x88 if $type == 1;
    }
    """#

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
