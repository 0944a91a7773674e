import Scenario
import ScenarioRunner
import Synchronization
import TestSupport
import Testing

@testable import Load

/// Setup and teardown run as in `gauntlet run`, and the load continues from their state.
@Suite(.timeLimit(.minutes(1)))
struct LoadSetupTests {
    /// Records the requests to a server, with the client's address.
    private final class Recorder: Sendable {
        let log = Mutex<[(peer: String, target: String, headers: [String: String])]>([])

        func server(_ answer: @escaping @Sendable (ScriptedRequest) -> ScriptedAnswer) throws -> ScriptedServer {
            try ScriptedServer { connection in
                while let request = connection.read() {
                    self.log.withLock { $0.append((connection.peer, request.target, request.headers)) }
                    guard connection.write(answer(request).bytes) else { return }
                }
            }
        }

        var targets: [String] { log.withLock { $0.map(\.target) } }
    }

    private static func load(
        _ server: ScriptedServer, _ scenario: String, users: Int = 3, files: [String: String] = [:]
    ) throws -> LoadResult {
        var session = try LoadSessionTests.session(
            server.port, scenario, users: users, requests: 30, files: files)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        try session.tearDown()
        return result
    }

    private static let read = #"{ "id": "read", "request": { "url": "/read/{{x}}" }, "expect": { "status": 200 } }"#

    @Test("setup and teardown may call other files")
    func call() throws {
        let recorder = Recorder()
        let server = try recorder.server { request in .json(#"{"token":"for\#(request.target)"}"#) }
        let result = try Self.load(
            server,
            #"""
            { "name": "n",
              "setup": [{ "id": "login", "call": { "file": "login.json", "parameters": { "user": "ann" }, "outputs": ["x"] } }],
              "steps": [\#(Self.read)],
              "teardown": [{ "id": "leave", "call": { "file": "leave.json", "parameters": { "user": "ann" } } }] }
            """#,
            files: [
                "login.json": #"""
                { "name": "login", "variables": { "user": "" }, "steps": [
                    { "id": "post", "request": { "url": "/login/{{user}}" }, "capture": { "x": { "json": "$.token" } } }] }
                """#,
                "leave.json": #"""
                { "name": "leave", "variables": { "user": "" }, "steps": [
                    { "id": "delete", "request": { "method": "DELETE", "url": "/user/{{user}}" } }] }
                """#,
            ])
        #expect(result.errors == 0 && result.failedResponses == 0)
        #expect(recorder.targets.first == "/login/ann" && recorder.targets.last == "/user/ann")
        #expect(recorder.targets.contains("/read/for/login/ann"))
    }

    @Test("a call that is made once is made once for all users")
    func once() throws {
        let recorder = Recorder()
        let server = try recorder.server { _ in .json(#"{"token":"t"}"#) }
        let result = try Self.load(
            server,
            #"""
            { "name": "n", "setup": [
                { "id": "seed", "call": { "file": "seed.json", "outputs": ["x"], "once": true } },
                { "id": "own", "request": { "url": "/own" } }],
              "steps": [\#(Self.read)], "load": { "setup": "perUser" } }
            """#,
            users: 20,
            files: [
                "seed.json": #"""
                { "name": "seed", "steps": [{ "id": "a", "request": { "url": "/seed" }, "capture": { "x": { "json": "$.token" } } }] }
                """#
            ])
        #expect(result.errors == 0 && result.failedResponses == 0)
        #expect(recorder.targets.count { $0 == "/seed" } == 1)
        #expect(recorder.targets.count { $0 == "/own" } == 20)
    }

    @Test("setup may poll, send a burst and run steps in parallel")
    func kinds() throws {
        let recorder = Recorder()
        let polls = Atomic<Int>(0)
        let server = try recorder.server { request in
            guard request.target == "/job" else { return .json(#"{"value":"\#(request.target.dropFirst())"}"#) }
            return .json(#"{"done":\#(polls.add(1, ordering: .relaxed).newValue == 3)}"#)
        }
        let result = try Self.load(
            server,
            #"""
            { "name": "n", "setup": [
                { "id": "wait", "poll": { "until": { "json": { "$.done": true } }, "interval": "1ms", "timeout": "10s" },
                  "request": { "url": "/job" } },
                { "id": "both", "parallel": [
                    { "id": "one", "request": { "url": "/1" }, "capture": { "y": { "json": "$.value" } } },
                    { "id": "two", "request": { "url": "/2" }, "capture": { "z": { "json": "$.value" } } }] },
                { "id": "many", "burst": { "count": 4 }, "request": { "url": "/{{y}}{{z}}" },
                  "expectAll": { "status": { "allEqual": true } }, "capture": { "x": { "json": "$.value" } } }],
              "steps": [\#(Self.read)] }
            """#)
        #expect(result.errors == 0 && result.failedResponses == 0)
        #expect(recorder.targets.prefix(3) == ["/job", "/job", "/job"])
        #expect(recorder.targets[3..<5].sorted() == ["/1", "/2"])
        #expect(recorder.targets[5..<9] == ["/12", "/12", "/12", "/12"])
        #expect(recorder.targets[9...].allSatisfy { $0 == "/read/12" })
    }

    @Test("setup follows redirects, and the load sends the cookies that it received on the way")
    func redirects() throws {
        let recorder = Recorder()
        let server = try recorder.server { request in
            switch request.target {
            case "/login": ScriptedAnswer(302, [("Location", "/home"), ("Set-Cookie", "session=s1; Path=/; HttpOnly")])
            default: .json("{}", status: request.headers["cookie"] == "session=s1" ? 200 : 401)
            }
        }
        let result = try Self.load(
            server,
            #"""
            { "name": "n", "variables": { "x": 1 },
              "setup": [{ "id": "login", "request": { "url": "/login", "followRedirects": 3 }, "expect": { "status": 200 } }],
              "steps": [\#(Self.read)],
              "teardown": [{ "id": "leave", "request": { "url": "/leave" }, "expect": { "status": 200 } }] }
            """#)
        #expect(result.errors == 0 && result.failedResponses == 0)
        #expect(recorder.targets.prefix(2) == ["/login", "/home"] && recorder.targets.last == "/leave")
    }

    @Test("setup and teardown use the client's proxy, and the load connects directly")
    func proxy() throws {
        let (proxied, direct) = (Recorder(), Recorder())
        let proxy = try proxied.server { _ in .json("{}") }
        let server = try direct.server { _ in .json("{}") }
        let result = try Self.load(
            server,
            #"""
            { "name": "n", "variables": { "x": 1 }, "client": { "proxy": "\#(proxy.base.text)" },
              "setup": [{ "id": "a", "request": { "url": "/setup" } }], "steps": [\#(Self.read)],
              "teardown": [{ "id": "b", "request": { "url": "/teardown" } }] }
            """#)
        #expect(result.errors == 0 && result.failedResponses == 0)
        #expect(proxied.targets == ["/setup", "/teardown"].map { server.base.text + $0 })
        #expect(direct.targets.allSatisfy { $0 == "/read/1" })
    }

    @Test("setup may send requests to another server")
    func otherServer() throws {
        let identity = Recorder()
        let provider = try identity.server { _ in .json(#"{"token":"t"}"#) }
        let server = try Recorder().server { _ in .json("{}") }
        let result = try Self.load(
            server,
            #"""
            { "name": "n", "setup": [{ "id": "login", "request": { "url": "\#(provider.base.text)/login" },
                                       "capture": { "x": { "json": "$.token" } } }], "steps": [\#(Self.read)] }
            """#)
        #expect(result.errors == 0 && result.failedResponses == 0 && identity.targets == ["/login"])
    }

    @Test("each user has one source address in setup, load and teardown, and connections of its own")
    func addresses() throws {
        let recorder = Recorder()
        let server = try recorder.server { _ in .json("{}") }
        let result = try Self.load(
            server,
            #"""
            { "name": "n", "client": { "address": "own" },
              "setup": [{ "id": "a", "repeat": 2, "request": { "url": "/{{virtualUser()}}" } }],
              "steps": [{ "id": "b", "request": { "url": "/{{virtualUser()}}" } }],
              "teardown": [{ "id": "c", "request": { "method": "DELETE", "url": "/{{virtualUser()}}" } }],
              "load": { "setup": "perUser" } }
            """#,
            users: 40)
        #expect(result.errors == 0)
        let log = recorder.log.withLock { $0 }
        let peers = Dictionary(grouping: log, by: \.target).mapValues { Set($0.map(\.peer)) }
        #expect(peers.count == 40 && peers.values.allSatisfy { $0.count == 1 })
        #expect(Set(log.map(\.peer)).count == 40)
    }

    @Test("no user is set up on the connection of another")
    func connections() throws {
        let server = try ScriptedServer(answering: answer("{}"))
        var session = try LoadSessionTests.session(
            server.port,
            #"""
            { "name": "n", "setup": [{ "id": "a", "repeat": 3, "request": { "url": "/" } }],
              "steps": [{ "id": "b", "request": { "url": "/" } }], "load": { "setup": "perUser" } }
            """#, users: 40)
        try session.setUp()
        #expect(server.connections == 40 && server.requests == 120)
    }

    @Test("a failed setup names its step and user, shows the response, and masks secrets")
    func failure() throws {
        let server = try Recorder().server { request in
            .json(
                #"{"token":"s3cret-token","for":"\#(request.target)"}"#, status: request.target == "/use/5" ? 403 : 200)
        }
        var session = try LoadSessionTests.session(
            server.port,
            #"""
            { "name": "n", "setup": [
                { "id": "login", "request": { "url": "/login" }, "capture": { "x": { "json": "$.token", "secret": true } } },
                { "id": "use", "request": { "url": "/use/{{virtualUser()}}" }, "expect": { "status": 200 } }],
              "steps": [\#(Self.read)], "load": { "setup": "perUser" } }
            """#, users: 40)
        let error = try #require(throws: Diagnostic.self) { try session.setUp() }
        #expect(error.code == .assertion && error.message == "status is not as expected in step \"use\"")
        #expect(
            error.notes == [
                .init("expected", "200 (number)"), .init("actual", "403 (number)"),
                .init("response", #"403 {"token":"***","for":"/use/5"}"#), .init("virtual user", "5"),
            ])
    }

    @Test("teardown cannot refer to the start of a step outside of it")
    func starts() throws {
        for part in [#""within": { "a": "1s" }"#, #""expect": { "since": { "a": { "lt": "1s" } } }"#] {
            let error = try #require(throws: InvalidFile.self) {
                _ = try LoadSessionTests.session(
                    1,
                    #"""
                    { "name": "n", "setup": [{ "id": "a", "request": { "url": "/" } }],
                      "steps": [{ "id": "b", "request": { "url": "/" } }],
                      "teardown": [{ "id": "c", "request": { "url": "/" }, \#(part) }] }
                    """#)
            }
            #expect(error.diagnostics.map(\.position.line) == [3])
        }
    }
}
