import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// Cookies set by the server are sent back to it, as in a single run.
@Suite(.timeLimit(.minutes(1)))
struct CookieTests {
    /// A server that sends the cookies given to it with each response and records requests.
    private final class CookieServer: Sendable {
        let server: ScriptedServer
        private let state = State()

        private final class State: Sendable {
            let fields = Mutex<[String]>([])
            let requests = Mutex<[String]>([])
        }

        var port: Int { Int(server.port) }

        init() throws {
            let state = state
            server = try ScriptedServer { connection in
                while let request = connection.read()?.text {
                    state.requests.withLock { $0.append(request) }
                    let fields = state.fields.withLock { $0 }.map { "Set-Cookie: \($0)\r\n" }.joined()
                    connection.write(answer("{}", headers: fields))
                }
            }
        }

        func set(_ fields: [String]) { state.fields.withLock { $0 = fields } }

        /// Removes and returns the requests since the last call.
        func takeRequests() -> [String] {
            state.requests.withLock { requests in
                defer { requests = [] }
                return requests
            }
        }
    }

    private static func cookie(_ request: String) -> String? {
        request.split(separator: "\r\n").first { $0.hasPrefix("Cookie: ") }.map { String($0.dropFirst(8)) }
    }

    static let fields: [[String]] = [
        ["a=1"], ["a=1; Path=/"], ["a=1", "b=2; Path=/dir"], ["a=1; Path=/dir/", "b=2; Path=/dir/sub"],
        ["a=1; Path=/other"], ["a=1; Path=nothing"], ["a=1; Path="], ["a=1; Path=\"/dir\""], ["a=1; path=/DIR"],
        ["a=1; Path=/di"], ["a=1; Path=/dir/page"], ["a=1", "a=2"], ["a=1; Path=/", "a=2; Path=/dir"],
        ["a=", "b"], ["=1"], ["; a=1"], ["a = 1 ; Path = /"], ["a=\"x y\""], ["a=b=c"],
        ["a=1; Max-Age=100"], ["a=1; Max-Age=0"], ["a=1; Max-Age=-5"], ["a=1; Max-Age=x"], ["a=1; Max-Age=\"50\""],
        ["a=1; Max-Age=99999999999999999999"], ["a=1", "a=gone; Max-Age=0"],
        ["a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT"], ["a=1; Expires=Wed, 21 Oct 2065 07:28:00 GMT"],
        ["a=1; Expires=Wednesday, 21-Oct-65 07:28:00 GMT"], ["a=1; Expires=Wed Oct 21 07:28:00 2015"],
        ["a=1; Expires=never"], ["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
        ["a=1; Max-Age=100; Expires=Wed, 21 Oct 2015 07:28:00 GMT"],
        ["a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Max-Age=100"],
        ["a=1; Secure"], ["a=1; Secure; HttpOnly; SameSite=Strict"], ["__Secure-a=1"], ["__Secure-a=1; Secure"],
        ["__Host-a=1; Secure"], ["__Host-a=1; Secure; Path=/"], ["__host-a=1; Secure; Path=/x"],
        ["a=1; Domain=127.0.0.1"], ["a=1; Domain=.127.0.0.1"], ["a=1; Domain=0.0.1"], ["a=1; Domain=example.org"],
        ["a=1; Domain="], ["a=1; Domain"], ["a=1\u{01}"], ["a=x\ty"], ["a=ü"],
        ["a=\(String(repeating: "x", count: 4000))"], ["a=\(String(repeating: "x", count: 4100))"],
        ["bb=1; Path=/", "c=2; Path=/dir", "a=3; Path=/", "dd=4; Path=/"],
        (10..<70).map { "c\($0)=1" }, ["a", "b", "c"].map { "\($0)=\(String(repeating: "x", count: 4000))" },
    ]

    @Test("the jar sends the same cookies as libcurl, whether received or taken over from it", arguments: fields)
    func agreement(fields: [String]) throws {
        let server = try CookieServer()
        let base = try #require(BaseURL("http://127.0.0.1:\(server.port)"))
        let client = HTTPClient(ConnectionSettings(base: base))
        var jar = CookieJar()
        var imported = CookieJar()
        let paths = ["/dir/page?q=/x", "/", "/dir", "/dir/", "/dir/sub/a", "/directory", "/dir/page"]
        for (turn, path) in paths.enumerated() {
            server.set(turn == 0 ? fields : [])
            _ = client.send(Request(target: path))
            let request = try #require(server.takeRequests().first)
            let scope = CookieScope(of: Array(request.utf8), overTLS: false)
            let own = String(decoding: jar.pairs(for: scope), as: UTF8.self)
            #expect(own == Self.cookie(request) ?? "", "\(path)")
            #expect(imported.pairs(for: scope) == jar.pairs(for: scope), "\(path)")
            if turn == 0 {
                imported = CookieJar(netscape: client.cookies, now: MonotonicClock.wallTime())
                jar.take(fields.map { Array($0.utf8)[...].trimmed }, from: scope, now: MonotonicClock.wallTime())
            }
        }
    }

    @Test("an expired cookie is no longer sent and invalidates rendered requests")
    func expiry() {
        var jar = CookieJar()
        let scope = CookieScope(of: Array("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n".utf8), overTLS: false)
        jar.take([Array("a=1; Max-Age=10".utf8)[...]], from: scope, now: 1000)
        let version = jar.version
        jar.expire(now: 1010.5)
        #expect(jar.pairs(for: scope) == Array("a=1".utf8) && jar.version == version)
        jar.expire(now: 1011)
        #expect(jar.isEmpty && jar.version > version)
    }

    @Test("a jar and its Cookie field have a maximum size, whatever a server sets")
    func many() {
        var jar = CookieJar()
        let scope = CookieScope(of: Array("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n".utf8), overTLS: false)
        for turn in 1000..<1100 {
            jar.take((10..<60).map { Array("c\(turn)\($0)=1".utf8)[...] }, from: scope, now: 0)
        }
        #expect(jar.count == 1000)
        let pairs = String(decoding: jar.pairs(for: scope), as: UTF8.self)
        #expect(pairs.hasPrefix("c109959=1; c109958=1; ") && pairs.split(separator: ";").count == 150)
    }

    /// A server that starts a new session for each login and rejects other requests without a session.
    private final class Sessions: Sendable {
        let server: ScriptedServer
        private let state = State()

        private final class State: Sendable {
            let log = Mutex<[String]>([])
            let logins = Atomic<Int>(0)
        }

        var requests: [String] { state.log.withLock { $0 } }

        init() throws {
            let state = state
            server = try ScriptedServer { connection in
                while let request = connection.read()?.text {
                    state.log.withLock { $0.append(request) }
                    if request.contains("/login ") {
                        let session = state.logins.add(1, ordering: .relaxed).newValue
                        connection.write(answer("{}", headers: "Set-Cookie: session=s\(session); Path=/\r\n"))
                    } else {
                        let isKnown = request.contains("\r\nCookie: session=s")
                        connection.write(answer("{}", status: isKnown ? "200 OK" : "401 Unauthorized"))
                    }
                }
            }
        }
    }

    private func load(_ sessions: Sessions, _ scenario: String) throws -> LoadResult {
        var session = try LoadSessionTests.session(sessions.server.port, scenario)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        try session.tearDown()
        return result
    }

    private static let login = #"{ "id": "login", "request": { "method": "POST", "url": "/login" } }"#

    @Test(
        "a cookie set in a step is sent with all later requests of its user",
        arguments: [
            #""url": "/x""#, #""url": "/{{uuid()}}""#, #""url": "/{{virtualUser()}}""#,
            #""url": "/x", "cookies": { "own": "1" }"#, #""url": "/x", "headers": { "Cookie": "own=1" }"#,
        ])
    func steps(request: String) throws {
        let sessions = try Sessions()
        let result = try load(
            sessions,
            #"""
            { "name": "n", "steps": [
                \#(Self.login), { "id": "read", "request": { \#(request) }, "expect": { "status": 200 } }] }
            """#)
        #expect(result.errors == 0 && result.failedResponses == 0 && result.responses > 20)
        let reads = sessions.requests.filter { $0.hasPrefix("GET") }.compactMap(Self.cookie)
        #expect(Set(reads).count == reads.count, "each session is read once, by the user that began it")
        if request.contains("own") { #expect(reads.allSatisfy { $0.hasSuffix("; own=1") }) }
    }

    @Test(
        "cookies from setup are shared by all users, or belong to each one", arguments: [("once", 1), ("perUser", 3)])
    func setup(kind: String, count: Int) throws {
        let sessions = try Sessions()
        let result = try load(
            sessions,
            #"""
            { "name": "n", "setup": [\#(Self.login)],
              "steps": [
                { "id": "read", "request": { "url": "/x" }, "expect": { "status": 200 } },
                { "id": "own", "request": { "url": "/{{uuid()}}" }, "expect": { "status": 200 } }],
              "teardown": [{ "id": "leave", "request": { "method": "DELETE", "url": "/" }, "expect": { "status": 200 } }],
              "load": { "setup": "\#(kind)" } }
            """#)
        #expect(result.errors == 0 && result.failedResponses == 0 && result.responses > 20)
        let cookies = sessions.requests.filter { $0.hasPrefix("GET") }.map { Self.cookie($0) ?? "none" }
        #expect(Set(cookies).count == count)
    }
}
