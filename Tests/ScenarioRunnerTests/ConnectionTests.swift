import Foundation
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Connections other than a plain one to the URL's host.
@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
    private static let step = #"{ "id": "a", "request": { "url": "/person" }, "expect": { "status": 200 } }"#

    @Test("a proxy receives the whole URL")
    func proxy() async throws {
        let proxy = try ScriptedServer(answering: { request in
            ScriptedAnswer(request.target == "http://elsewhere.invalid/person" ? 200 : 400)
        })
        let scenario = try RunnerFixture.read(
            #"{ "name": "n", "client": { "proxy": "\#(proxy.base.text)" }, "steps": [ \#(Self.step), { "id": "b", "burst": { "count": 3 }, "request": { "url": "/person" }, "expect": { "status": 200 } } ] }"#
        )
        let base = try #require(BaseURL("http://elsewhere.invalid"))
        let result = await ScenarioRunner(base: base).run([scenario])
        withExtendedLifetime(proxy) {}
        #expect(result.messages == [])
    }

    @Test("a scenario can name the address of a host")
    func resolve() async throws {
        let server = try ExampleServer.start()
        let scenario = try RunnerFixture.read(
            #"{ "name": "n", "client": { "resolve": { "elsewhere.invalid:\#(server.base.port)": "127.0.0.1" } }, "steps": [ \#(Self.step), { "id": "b", "burst": { "count": 3 }, "request": { "url": "/person" }, "expect": { "status": 200 } } ] }"#
        )
        let base = try #require(BaseURL("http://elsewhere.invalid:\(server.base.port)"))
        let result = await ScenarioRunner(base: base).run([scenario])
        withExtendedLifetime(server) {}
        #expect(result.messages == [])
    }

    @Test("HTTP/2 uses prior knowledge if the request's own URL is http")
    func priorKnowledge() async throws {
        let first = Mutex<String?>(nil)
        let server = try ScriptedServer { connection in
            let method = connection.read()?.method
            first.withLock { $0 = $0 ?? method }
        }
        let scenario = try RunnerFixture.read(
            #"{ "name": "n", "client": { "httpVersion": "2" }, "steps": [ { "id": "a", "request": { "url": "\#(server.base.text)/" } } ] }"#
        )
        let base = try #require(BaseURL("https://127.0.0.1:1"))
        _ = await ScenarioRunner(base: base).run([scenario])
        #expect(first.withLock { $0 } == "PRI")
        withExtendedLifetime(server) {}
    }

    @Test("requests can be sent over a Unix socket")
    func unixSocket() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/server.sock"
            let server = try ScriptedServer(unixSocket: path) { connection in
                while connection.read() != nil, connection.write(ScriptedAnswer(200).bytes) {}
            }
            let scenario = try RunnerFixture.read(
                #"{ "name": "n", "client": { "unixSocket": "\#(path)" }, "steps": [ \#(Self.step) ] }"#)
            let base = try #require(BaseURL("http://elsewhere.invalid"))
            let result = await ScenarioRunner(base: base).run([scenario])
            withExtendedLifetime(server) {}
            #expect(result.messages == [])
        }
    }

    @Test(
        "a missing socket or TLS file is named in the error",
        arguments: [
            (#""unixSocket": "none.sock""#, "could not connect to the unix socket none.sock: there is no such file"),
            (
                #""tls": { "caFile": "none.pem" }"#,
                "the CA file none.pem cannot be read: there is no such file"
            ),
            (
                #""tls": { "insecure": true, "certificate": "none.pem" }"#,
                "the client certificate file none.pem cannot be read: there is no such file"
            ),
            (
                #""tls": { "insecure": true, "certificate": "/dev/null", "key": "/tmp" }"#,
                "the client key file /tmp cannot be read: it is a directory"
            ),
            (#""proxy": "http://127.0.0.1:1""#, "through the proxy http://127.0.0.1:1: Connection refused"),
        ])
    func missing(_ client: String, _ message: String) async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let scheme = client.contains("tls") ? "https" : "http"
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "\#(scheme)://127.0.0.1:\#(server.base.port)/" } }"#,
            head: #""client": { \#(client) },"#, against: server)
        #expect(result.only.outcome == .errored)
        #expect(result.messages.count == 1 && result.messages[0].hasSuffix(message), "\(result.messages)")
    }

    @Test("TLS certificates are verified by default, by the scenario's authority, or not at all if insecure")
    func tls() async throws {
        try await TestCertificate.with { certificate in
            let openssl = try Programs.installed("openssl", package: "openssl")
            let serve = "exec \(openssl) s_server -accept 127.0.0.1:{port} \(certificate.options) -www -quiet"
            try await ServedCommand(command: serve).run { plain in
                let base = try #require(BaseURL("https://127.0.0.1:\(plain.port)"))
                let step = #"{ "id": "a", "request": { "url": "/" }, "expect": { "status": 200 } }"#
                func outcome(_ client: String) async throws -> RunResult {
                    let scenario = try RunnerFixture.read(
                        #"{ "name": "n", "client": { "address": "shared", \#(client) }, "steps": [ \#(step) ] }"#)
                    return await ScenarioRunner(base: base).run([scenario])
                }
                let strict = try await outcome(#""httpVersion": "1.1""#)
                #expect(strict.only.outcome == .errored)
                #expect(
                    strict.messages[0].contains("could not establish a TLS connection to \(base.text)"),
                    "\(strict.messages)")
                let trusted = try await outcome(#""tls": { "caFile": "\#(certificate.file)" }"#)
                #expect(trusted.messages == [])
                let insecure = try await outcome(#""tls": { "insecure": true }"#)
                #expect(insecure.messages == [])
            }
        }
    }
}
