import Foundation
import Scenario
import ScenarioRunner
import TestSupport
import Testing

@testable import Load

/// Connections to a server other than plain TCP to an IPv4 address.
@Suite(.timeLimit(.minutes(1)))
struct TransportTests {
    /// Runs the body against `openssl s_server` with a certificate for 127.0.0.1 and localhost.
    ///
    /// The server responds to each connection with one page that describes its session. `$DIRECTORY` in the options is
    /// replaced by the directory of the files.
    private static func withTLSServer(
        _ options: String = "", _ body: @escaping @Sendable (_ port: Int, _ directory: String) async throws -> Void
    ) async throws {
        try await TestCertificate.with { certificate in
            let directory = certificate.directory
            let openssl = try Programs.installed("openssl", package: "openssl")
            let serve =
                "exec \(openssl) s_server -accept 127.0.0.1:{port} \(certificate.options) -www -quiet "
                + options.replacing("$DIRECTORY", with: directory)
            try await ServedCommand(command: serve).run { plain in try await body(plain.port, directory) }
        }
    }

    /// - Parameter requests: the number of responses to wait for, however long they take; nil to run for a moment.
    private static func load(
        _ port: Int, host: String = "127.0.0.1", client: String = "", setup: String = "", users: Int = 2,
        requests: Int? = nil, _ check: String = ""
    ) throws -> LoadResult {
        let text = """
            { "name": "tls", "client": { \(client) }, "setup": [ \(setup) ],
              "steps": [{ "id": "a", "request": { "url": "/" } \(check) }] }
            """
        let scenario = try ScenarioReader.read(SourceFile(path: "tls.json", bytes: Array(text.utf8)))
        var options = LoadOptions()
        options.virtualUsers = users
        options.threads = 1
        options.duration = requests == nil ? .milliseconds(400) : .seconds(50)
        options.maximumRequests = requests
        var session = try LoadSession(
            scenario,
            target: LoadTarget(#require(BaseURL("https://\(host):\(port)")), client: scenario.client),
            options: options, variables: [:],
            sources: TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] }))
        try session.setUp()
        return try session.start(stop: StopFlag()).finish()
    }

    @Test("a TLS server is verified by default, against the scenario's CA file, or not at all if insecure")
    func verification() async throws {
        try await Self.withTLSServer { port, directory in
            let strict = try Self.load(port)
            #expect(strict.responses == 0)
            #expect(strict.errorTallies[.tls]?.example.hasPrefix("certificate verify failed: self") == true)
            let authority = #""tls": { "caFile": "\#(directory)/cert.pem" }"#
            for host in ["127.0.0.1", "localhost"] {
                let trusted = try Self.load(
                    port, host: host, client: authority, requests: 4, #", "expect": { "status": 200 }"#)
                #expect(trusted.responses == 4 && trusted.errors == 0 && trusted.failedResponses == 0)
            }
            #expect(try Self.load(port, client: #""tls": { "insecure": true }"#, requests: 4).responses == 4)
            // The CA matches, but the host name does not.
            let other = #""resolve": { "elsewhere.invalid:\#(port)": "127.0.0.1" }, \#(authority)"#
            let elsewhere = try Self.load(port, host: "elsewhere.invalid", client: other)
            #expect(elsewhere.responses == 0)
            #expect(elsewhere.errorTallies[.tls]?.example == "certificate verify failed: hostname mismatch")
        }
    }

    @Test(
        "a TLS session is resumed on reconnect, and setup uses TLS too",
        arguments: ["-tls1_2", "-tls1_3"])
    func resumption(version: String) async throws {
        try await Self.withTLSServer(version) { port, directory in
            let authority = #""tls": { "caFile": "\#(directory)/cert.pem" }"#
            let setup = #"{ "id": "s", "request": { "url": "/" }, "expect": { "status": 200 } }"#
            let result = try Self.load(
                port, client: authority, setup: setup, users: 1, requests: 6,
                #", "expect": { "body": { "contains": "Reused, TLS" } }"#)
            #expect(result.responses == 6 && result.errors == 0)
            // The first connection has no session to resume.
            #expect(result.failedResponses == 1)
        }
    }

    @Test("a client certificate is sent when the server requests one")
    func clientCertificate() async throws {
        // Both sides use the same certificate.
        try await Self.withTLSServer("-Verify 1 -verify_return_error -verifyCAfile $DIRECTORY/cert.pem") {
            port, directory in
            let authority = #""caFile": "\#(directory)/cert.pem""#
            let own = #""certificate": "\#(directory)/cert.pem", "key": "\#(directory)/key.pem""#
            let nobody = try Self.load(port, client: #""tls": { \#(authority) }"#)
            let somebody = try Self.load(port, client: #""tls": { \#(authority), \#(own) }"#, requests: 4)
            #expect(nobody.responses == 0 && nobody.errors > 0)
            #expect(somebody.responses == 4 && somebody.errors == 0)
        }
    }

    @Test("a failed TLS handshake is a tls error, and an unusable CA file is reported before the run")
    func failures() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            connection.awaitEnd()
        }
        let result = try Self.load(Int(server.port))
        #expect(result.responses == 0 && result.errorTallies.keys.map(\.rawValue) == ["tls"])
        #expect(result.errorTallies[.tls]?.example.contains("wrong version number") == true)
        let closing = try ScriptedServer { _ in }
        let closed = try Self.load(Int(closing.port))
        #expect(closed.errors > 0 && closed.errorTallies.keys.allSatisfy { [.tls, .reset].contains($0) })
        let error = try #require(throws: LoadError.self) {
            try Self.load(1, client: #""tls": { "caFile": "/nowhere/ca.pem" }"#)
        }
        #expect(error.description.hasPrefix("the file /nowhere/ca.pem: "))
    }

    @Test("load works over a unix socket and to an IPv6 address")
    func addresses() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/s.sock"
            let server = try ScriptedServer(unixSocket: path) { connection in
                while connection.read() != nil, connection.write(ScriptedAnswer(200).bytes) {}
            }
            let result = try LoadResult.load(SocketAddress(unixSocket: path))
            withExtendedLifetime(server) {}
            #expect(result.responses > 20 && result.errors == 0 && result.target == path)
        }
        #expect(throws: LoadError.self) { try SocketAddress(unixSocket: String(repeating: "x", count: 108)) }

        let six = try ScriptedServer.overIPv6 { connection in
            while connection.read() != nil, connection.write(answer("six")) {}
        }
        let target = try SocketAddress.resolve(host: "[::1]", port: six.port)
        #expect(target.description == "[::1]:\(six.port)")
        let other = try LoadResult.load(target)
        #expect(other.responses > 20 && other.errors == 0)
    }
}
