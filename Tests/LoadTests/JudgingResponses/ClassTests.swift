import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// Classes and assertions with expected values from variables.
@Suite(.timeLimit(.minutes(1)))
struct ClassTests {
    /// A server that returns the last part of the path as a name, and a number that grows with each request.
    private static func server() throws -> ScriptedServer {
        let count = Atomic<Int>(0)
        return try ScriptedServer { connection in
            while let request = connection.read()?.text {
                let path = request.split(separator: " ").dropFirst().first ?? ""
                let name = path.split(separator: "/").last ?? ""
                let number = path.hasPrefix("/same") ? 0 : count.add(1, ordering: .relaxed).newValue
                connection.write(answer(#"{"name":"\#(name)","number":\#(number)}"#))
            }
        }
    }

    private func load(_ scenario: String) throws -> LoadResult {
        let server = try Self.server()
        var session = try LoadSessionTests.session(server.port, scenario, requests: 60)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        #expect(result.responses > 10)
        return result
    }

    @Test("a class may compare with a user's own variable, from setup or a row of data")
    func ownVariables() throws {
        let perUser = #""variables": { "username": "user-{{virtualUser()}}" }"#
        let rows = #""data": { "rows": [{ "username": "ann" }, { "username": "bob" }] }"#
        for (head, setup) in [(perUser, #""setup": "perUser","#), (rows, "")] {
            let result = try load(
                """
                { "name": "classes", \(head),
                  "steps": [{ "id": "read", "request": { "url": "/{{username}}" }, "expect": { "status": 200 } }],
                  "load": { \(setup)
                    "classes": { "own": { "json": { "$.name": "{{username}}" } },
                                 "other": { "json": { "$.name": { "ne": "{{username}}" } } } } } }
                """)
            #expect(result.failedResponses == 0)
            #expect(result.count(ofClass: "own") == result.responses)
            #expect(result.count(ofClass: "other") == 0)
        }
    }

    @Test("the same bytes belong to a class only for the user that they name")
    func sameBytes() throws {
        let result = try load(
            """
            { "name": "classes", "variables": { "username": "user-{{virtualUser()}}" },
              "steps": [{ "id": "read", "request": { "url": "/same/user-1" }, "expect": { "status": 200 } }],
              "load": { "setup": "perUser", "classes": { "own": { "json": { "$.name": "{{username}}" } } } } }
            """)
        let own = try #require(result.count(ofClass: "own"))
        #expect(0 < own && own < result.responses)
        #expect(result.failedResponses == 0)
    }

    @Test("a class compares with the current value of its variable, not with the first one")
    func recaptured() throws {
        let result = try load(
            """
            { "name": "classes", "variables": { "last": 0 },
              "steps": [{ "id": "read", "request": { "url": "/x" }, "expect": { "status": 200 },
                          "capture": { "last": { "json": "$.number" } } }],
              "load": { "classes": { "current": { "json": { "$.number": "{{last}}" } },
                                     "first": { "json": { "$.number": { "gt": "{{last}}" } } } } } }
            """)
        #expect(result.count(ofClass: "current") == result.responses)
        #expect(result.count(ofClass: "first") == 0)
    }

    @Test("an assertion with an expected value that cannot be rendered fails alone and reports why")
    func unrenderable() throws {
        let result = try load(
            """
            { "name": "classes", "variables": { "user": { "value": { "nick": "x" } } },
              "steps": [{ "id": "read", "request": { "url": "/ann" }, "capture": { "user": { "json": "$" } },
                          "expect": { "status": 200, "json": { "$.name": "{{user.nick}}", "$.number": { "gt": 0 } } } }],
              "load": { "classes": { "nick": { "json": { "$.name": "{{user.nick}}" } }, "ok": { "status": 200 } } } }
            """)
        #expect(result.steps[0].failures.map(\.assertion) == [#"$.name "{{user.nick}}""#])
        #expect(
            result.steps[0].failures.map(\.example) == [
                #"the expected value cannot be rendered: there is no "nick" in user"#
            ])
        #expect(result.count(ofClass: "nick") == 0)
        #expect(result.count(ofClass: "ok") == result.responses)
    }

    @Test("a failed assertion has an explanation even if it holds when evaluated again")
    func unrepeatable() throws {
        let result = try load(
            """
            { "name": "classes",
              "steps": [{ "id": "read", "request": { "url": "/{{randomInt(0, 1)}}x" },
                          "expect": { "json": { "$.name": "{{randomInt(0, 1)}}" },
                                      "body": { "contains": "{{randomInt(0, 1)}}x" } } }] }
            """)
        #expect(result.failedResponses > 0)
        #expect(result.steps[0].failures.allSatisfy { !$0.example.isEmpty })
    }
}
