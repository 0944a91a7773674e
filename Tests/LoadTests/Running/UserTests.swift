import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// The state that belongs to each virtual user.
@Suite(.timeLimit(.minutes(1)))
struct UserTests {
    /// A server that gives each name a token and numbers the items it creates.
    private final class Accounts: Sendable {
        let server: ScriptedServer
        private let state = State()

        private final class State: Sendable {
            let log = Mutex<[String]>([])
            let created = Atomic<Int>(0)
        }

        var requests: [String] { state.log.withLock { $0 } }

        init() throws {
            let state = state
            server = try ScriptedServer { connection in
                while let request = connection.read()?.text {
                    state.log.withLock { $0.append(request) }
                    if request.hasPrefix("POST /login") {
                        let name = request.split(separator: "username=").last ?? ""
                        connection.write(answer(#"{"token":"for-\#(name)"}"#))
                    } else if request.hasPrefix("POST /items") {
                        let number = state.created.add(1, ordering: .relaxed).newValue
                        connection.write(answer(#"{"id":\#(number)}"#, status: "201 Created"))
                    } else {
                        connection.write(answer("{}"))
                    }
                }
            }
        }
    }

    private static let login = """
        { "id": "login", "request": { "method": "POST", "url": "/login", "form": { "username": "{{username}}" } },
          "capture": { "token": { "json": "$.token", "secret": true } } }
        """

    private func load(_ accounts: Accounts, _ scenario: String) throws -> LoadResult {
        var session = try LoadSessionTests.session(accounts.server.port, scenario)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        try session.tearDown()
        return result
    }

    @Test("setup and teardown run for each user")
    func perUser() throws {
        let accounts = try Accounts()
        let result = try load(
            accounts,
            """
            { "name": "users", "variables": { "username": "user-{{virtualUser()}}" }, "setup": [\(Self.login)],
              "steps": [{ "id": "read", "request": { "url": "/", "bearer": "{{token}}" } }],
              "teardown": [{ "id": "leave", "request": { "method": "DELETE", "url": "/{{username}}" } }],
              "load": { "setup": "perUser" } }
            """)
        #expect(result.errors == 0 && result.responses > 10)
        let tokens = accounts.requests.filter { $0.hasPrefix("GET") }.compactMap(Self.token)
        #expect(Set(tokens) == ["for-user-0", "for-user-1", "for-user-2"])
        #expect(accounts.requests.count { $0.hasPrefix("POST /login") } == 3)
        #expect(
            Set(accounts.requests.filter { $0.hasPrefix("DELETE") }.map { $0.prefix(14) }) == [
                "DELETE /user-0", "DELETE /user-1", "DELETE /user-2",
            ])
    }

    private static func token(_ request: String) -> String? {
        request.split(separator: "\r\n").first { $0.hasPrefix("Authorization: Bearer ") }.map {
            String($0.dropFirst(22))
        }
    }

    @Test("a captured value belongs to its user and is available in the next step")
    func captures() throws {
        let accounts = try Accounts()
        let result = try load(
            accounts,
            """
            { "name": "captures",
              "steps": [
                { "id": "create", "request": { "method": "POST", "url": "/items" },
                  "expect": { "status": 201, "json": { "$.id": "{{id}}" } }, "capture": { "id": { "json": "$.id" } } },
                { "id": "read", "request": { "url": "/items/{{id}}?user={{virtualUser()}}" } },
                { "id": "again", "request": { "url": "/again/{{id}}" } }] }
            """)
        #expect(result.errors == 0 && result.failedResponses == 0 && result.responses > 30)
        let read = accounts.requests.filter { $0.hasPrefix("GET /items") }.map { String($0.prefix { $0 != "?" }) }
        #expect(Set(read).count == read.count, "each item is read once, by the user that created it")
        let again = accounts.requests.filter { $0.hasPrefix("GET /again") }
        #expect(Set(again).count == again.count)
    }

    @Test("values captured from a repeated response still belong to each user")
    func sameBytes() throws {
        let accounts = try Accounts()
        let result = try load(
            accounts,
            """
            { "name": "same bytes", "variables": { "username": "user-{{virtualUser()}}" },
              "steps": [
                \(Self.login), { "id": "read", "request": { "url": "/{{virtualUser()}}", "bearer": "{{token}}" } }] }
            """.replacing("\"username\": \"{{username}}\"", with: "\"username\": \"user-{{virtualUser()}}\""))
        #expect(result.errors == 0 && result.failedResponses == 0 && result.responses > 60)
        let reads = accounts.requests.filter { $0.hasPrefix("GET") }
        #expect(reads.count > 30)
        for read in reads {
            let user = read.dropFirst(5).prefix { $0 != " " }
            #expect(Self.token(read) == "for-user-\(user)")
        }
    }

    @Test("a missing value to capture is a failed assertion")
    func missing() throws {
        let accounts = try Accounts()
        let result = try load(
            accounts,
            """
            { "name": "missing",
              "steps": [{ "id": "read", "request": { "url": "/" }, "capture": { "id": { "json": "$.id" } } },
                        { "id": "use", "request": { "url": "/{{id}}" } }] }
            """)
        #expect(result.steps[0].failedResponses == result.steps[0].all.count && result.steps[0].all.count > 0)
        #expect(result.steps[0].failures[0].assertion == #"a value at $.id to capture as "id""#)
        #expect(result.steps[0].failures[0].place == "test.json:2:69")
        #expect(result.steps[1].all.count == 0 && (result.steps[1].errors[.rendering]?.count ?? 0) > 0)
    }

    @Test("an error about an unsendable request shows no captured secret")
    func unsendableSecret() throws {
        let accounts = try Accounts()
        for url in ["/{{token}}", "http://u:{{token}}@127.0.0.9/"] {
            let result = try load(
                accounts,
                #"""
                { "name": "secret",
                  "steps": [
                    { "id": "login", "request": { "method": "POST", "url": "/login", "text": "username=ann lee" },
                      "capture": { "token": { "json": "$.token", "secret": true } } },
                    { "id": "use", "request": { "url": "\#(url)" } }] }
                """#)
            let example = try #require(result.steps[1].errors[.rendering]?.example)
            #expect(!example.contains("for-ann"), "\(example)")
            #expect(
                example.contains("a space or control character") || example.contains("goes to http://127.0.0.9"),
                "\(example)")
        }
    }

    @Test("rows of data are distributed over users, and counter() counts for each user")
    func data() throws {
        let accounts = try Accounts()
        let result = try load(
            accounts,
            """
            { "name": "data", "data": { "rows": [{ "username": "ann" }, { "username": "bob" }] },
              "steps": [{ "id": "read", "request": { "url": "/{{username}}/{{virtualUser()}}/{{counter()}}" } }] }
            """)
        #expect(result.errors == 0 && result.responses > 10)
        let paths = accounts.requests.map { $0.split(separator: " ")[1].split(separator: "/") }
        for (user, name) in ["ann", "bob", "ann"].enumerated() {
            let own = paths.filter { $0[1] == "\(user)" }
            #expect(own.allSatisfy { $0[0] == name })
            #expect(own.map { Int($0[2]) ?? 0 } == Array(1...own.count), "from 1 on")
        }
    }
}
