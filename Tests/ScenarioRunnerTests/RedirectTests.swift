import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// What is sent to the target of a redirect.
@Suite(.timeLimit(.minutes(1)))
struct RedirectTests {
    /// A server that keeps the last request.
    private final class Keeper: Sendable {
        private let last = Mutex<ScriptedRequest?>(nil)
        var request: ScriptedRequest? { last.withLock { $0 } }

        @Sendable func answer(_ request: ScriptedRequest) -> ScriptedAnswer {
            last.withLock { $0 = request }
            return ScriptedAnswer(200)
        }
    }

    private static let own =
        #""bearer": "token", "cookies": { "own": "1" }, "headers": { "X-Own": "kept" }, "followRedirects": 3"#

    @Test("credentials and the request's own cookies are not sent to another server", arguments: [1, 3])
    func otherOrigin(_ count: Int) async throws {
        let keeper = Keeper()
        let other = try ScriptedServer(answering: keeper.answer)
        // Also indirectly, through a redirect of the first server to itself.
        let places = ["//127.0.0.1:\(other.base.port)/x", "\(other.base.text)/x"]
        let hop = Atomic<Int>(0)
        let server = try ScriptedServer(answering: { request in
            if request.target == "/start" { return ScriptedAnswer(307, [("Location", "/next")]) }
            return ScriptedAnswer(307, [("Location", places[hop.add(1, ordering: .relaxed).newValue % 2])])
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "repeat": \#(count), "request": { "url": "/start", \#(Self.own) }, "expect": { "status": 200 } }"#,
            against: server)
        #expect(result.messages == [])
        let headers = try #require(keeper.request?.headers)
        #expect(headers["authorization"] == nil && headers["cookie"] == nil, "\(headers)")
        #expect(headers["x-own"] == "kept")
        #expect(headers["host"] == "127.0.0.1:\(other.base.port)")
        withExtendedLifetime(other) {}
    }

    @Test("a redirect on the same server keeps credentials and all cookies")
    func sameOrigin() async throws {
        let keeper = Keeper()
        let server = try ScriptedServer(answering: { request in
            guard request.target == "/start" else { return keeper.answer(request) }
            return ScriptedAnswer(302, [("Location", "/next"), ("Set-Cookie", "set=2")])
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "repeat": 2, "request": { "url": "/start", \#(Self.own) } }"#, against: server)
        #expect(result.messages == [])
        let headers = try #require(keeper.request?.headers)
        #expect(headers["authorization"] == "Bearer token" && headers["cookie"] == "set=2; own=1", "\(headers)")
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var status: Int
        var method: String
        var next: String
        var keepsBody: Bool
        var testDescription: String { "\(status) \(method)" }

        init(_ status: Int, _ method: String, _ next: String, keepsBody: Bool) {
            (self.status, self.method, self.next, self.keepsBody) = (status, method, next, keepsBody)
        }
    }

    @Test(
        "a redirect keeps both the body and its Content-Type, or neither",
        arguments: [
            Change(301, "POST", "GET", keepsBody: false), Change(302, "POST", "GET", keepsBody: false),
            Change(303, "POST", "GET", keepsBody: false), Change(307, "POST", "POST", keepsBody: true),
            Change(301, "PUT", "PUT", keepsBody: true), Change(302, "PATCH", "PATCH", keepsBody: true),
            Change(303, "PUT", "GET", keepsBody: false), Change(303, "DELETE", "GET", keepsBody: false),
            Change(308, "PUT", "PUT", keepsBody: true), Change(302, "DELETE", "DELETE", keepsBody: true),
        ], ["", #""burst": { "count": 1 }, "#])
    func methods(_ change: Change, _ repetition: String) async throws {
        let keeper = Keeper()
        let server = try ScriptedServer(answering: { request in
            request.target == "/next" ? keeper.answer(request) : ScriptedAnswer(change.status, [("Location", "/next")])
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", \#(repetition)"request": { "method": "\#(change.method)", "url": "/start", "json": {}, "followRedirects": 1 }, "expect": { "status": 200 } }"#,
            against: server)
        #expect(result.messages == [])
        let request = try #require(keeper.request)
        #expect(request.method == change.next)
        #expect(request.headers["content-type"] == (change.keepsBody ? "application/json" : nil))
        #expect(String(decoding: request.body, as: UTF8.self) == (change.keepsBody ? "{}" : ""))
    }

    @Test("redirects of HEAD and of requests without a body follow RFC 9110")
    func withoutBody() async throws {
        let keeper = Keeper()
        let server = try ScriptedServer(answering: { request in
            guard request.target != "/next" else { return keeper.answer(request) }
            return ScriptedAnswer(303, [("Location", "/next")])
        })
        for (method, next) in [("HEAD", "HEAD"), ("DELETE", "GET"), ("GET", "GET")] {
            let result = try await RunnerFixture.run(
                #"{ "id": "a", "request": { "method": "\#(method)", "url": "/start", "followRedirects": 1 }, "expect": { "status": 200 } }"#,
                against: server)
            #expect(result.messages == [])
            #expect(keeper.request?.method == next)
        }
    }
}
