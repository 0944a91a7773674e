import Testing

@testable import Scenario

struct ScenarioReaderTests {
    @Test("a whole scenario is read")
    func whole() throws {
        let scenario = try Fixture.read(
            """
            {
              // Comments and trailing commas are welcome.
              "name": "n", "tags": ["core"], "variables": { "user": "admin", "key": { "env": "KEY", "secret": true } },
              "client": { "address": "127.0.0.9" },
              "setup": [ { "id": "login", "request": { "method": "POST", "url": "/login", "form": { "u": "{{user}}" } },
                           "capture": { "token": { "json": "$.access_token", "secret": true } } } ],
              "steps": [
                { "id": "wait", "sleep": "1m30s" },
                { "id": "burst", "burst": { "count": 20 }, "request": { "url": "/x", "bearer": "{{token}}" },
                  "expect": { "time": { "lt": "5ms" } } },
              ],
              "load": { "virtualUsers": 8, "duration": "10s", "classes": { "hit": { "json": { "$.source": "cache" } } } },
            }
            """)
        #expect(scenario.client.address == .fixed("127.0.0.9"))
        #expect(scenario.variables.map(\.isSecret) == [false, true])
        #expect(scenario.load.duration == .seconds(10))
        #expect(scenario.load.classes.map(\.name) == ["hit"])
        guard case .sleep(let pause) = scenario.steps[0].action, case .request(let burst) = scenario.steps[1].action
        else {
            Issue.record("the steps have another shape")
            return
        }
        #expect(pause == .seconds(90))
        guard case .burst(count: 20, concurrency: 20) = burst.repetition else {
            Issue.record("\(burst.repetition)")
            return
        }
        #expect(burst.request.options.timeout == .seconds(30))
    }

    @Test(
        "an assertion on every response cannot use a value captured from the last one",
        arguments: [
            (#""poll": { "until": { "status": 200 } }"#, false), (#""repeat": 2"#, false),
            (#""burst": { "count": 2 }"#, false), (#""retry": 1"#, true),
        ])
    func ownCaptures(_ repetition: String, _ isValid: Bool) throws {
        func read(_ use: String, variables: Set<String> = []) throws {
            _ = try Fixture.read(
                """
                { "name": "n", "steps": [ { "id": "s", \(repetition), "request": { "url": "/" }, \(use),
                  "capture": { "x": { "json": "$.x" } } } ] }
                """, variables: variables)
        }
        let inEach = #""expect": { "json": { "$.y": "{{x}}" } }"#
        if isValid {
            try read(inEach)
        } else {
            let error = #expect(throws: InvalidFile.self) { try read(inEach) }
            #expect(
                error?.diagnostics.map(\.message) == ["the variable \"x\" is not defined at this point"])
        }
        try read(inEach, variables: ["x"])
        try read(#""expectAll": { "json": { "$.y": { "last": "{{x}}" } } }"#)
        #expect(throws: InvalidFile.self) { try read(#""expectAll": { "since": { "later": { "last": 0 } } }"#) }
    }

    @Test("all errors of a file are reported together, in the order of their places")
    func allAtOnce() throws {
        let error = #expect(throws: InvalidFile.self) {
            try Fixture.read(
                """
                { "name": 7,
                  "steps": [
                    { "id": "a", "request": { "url": "/{{tokn}}", "methd": "GET" }, "expct": {} },
                    { "id": "a", "sleep": "10 seconds", "repeat": 0 },
                    { "id": "c", "request": { "url": "/" }, "expect": { "json": { "$.a": { "gtee": 1 } } } },
                    { "id": "d", "burst": { "count": 2, "concurrency": 3 }, "repeat": 2, "request": { "url": "{{uid()}}" } },
                    { "id": "e" }
                  ] }
                """, variables: ["token"])
        }
        let told = error?.diagnostics.map { "\($0.position.line) \($0.code.rawValue): \($0.message)" }
        #expect(
            told == [
                "1 wrong-type: expected a string, found a number",
                "3 undefined-variable: the variable \"tokn\" is not defined at this point",
                "3 unknown-key: unknown key \"methd\" in a request",
                "3 unknown-key: unknown key \"expct\" in a step",
                "4 duplicate-id: the id \"a\" is already used by the step on line 3",
                "4 invalid-value: \"10 seconds\" is not a valid duration",
                "4 invalid-value: expected a whole number from 1 to 10000000, found 0",
                "4 conflicting-keys: a sleep cannot have \"repeat\"",
                "5 unknown-key: unknown matcher \"gtee\"",
                "6 conflicting-keys: \"repeat\" and \"burst\" cannot both appear in one step",
                "6 invalid-value: the concurrency, 3, exceeds the count, 2",
                "6 template: unknown function uid()",
                "7 missing-key: a step needs one of \"request\", \"sleep\", \"parallel\", \"steps\", \"call\"",
            ])
        let help = error?.diagnostics.compactMap(\.help)
        #expect(help?.contains("did you mean \"token\"?") == true)
        #expect(help?.contains("did you mean \"method\"?") == true)
        #expect(help?.contains("did you mean \"expect\"?") == true)
    }

    @Test(
        "an invalid URL is reported at the part that is wrong",
        arguments: [
            ("htp://x/", "\"htp://x/\" is not an http or https URL", "htp"),
            ("http://host:99999/", "a port must be a number up to 65535", ":99999"),
            ("http://[::1/", "expected an IPv6 address in brackets", "[::1"),
            ("http://", "the URL has no host", "\""), ("http:///x", "the URL has no host", "/"),
            ("/a b", "a URL cannot contain spaces", " "), ("http://a b/", "a URL cannot contain spaces", " "),
            ("http://a{b/", "this character is not allowed in a host name", "{"),
        ])
    func urls(_ url: String, _ message: String, _ place: String) throws {
        let error = #expect(throws: InvalidFile.self) {
            try Fixture.read(#"{ "name": "n", "steps": [ { "id": "a", "request": { "url": "\#(url)" } } ] }"#)
        }
        #expect(error?.diagnostics.map(\.message) == [message])
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(String(decoding: diagnostic.file.bytes[diagnostic.range], as: UTF8.self) == place)
    }

    @Test(
        "valid URLs, and URLs known only at run time, are accepted",
        arguments: ["", "x", "/ü?a=[1]", "http://u:p@[::1]:80?x", "HTTPS://h#f", "http://{{p}}:{{p}}/ {{p}}", "//h:x/"])
    func goodURLs(_ url: String) throws {
        _ = try Fixture.read(
            #"{ "name": "n", "variables": { "p": 1 }, "steps": [ { "id": "a", "request": { "url": "\#(url)" } } ] }"#)
    }

    @Test(
        "invalid client addresses are reported",
        arguments: [
            (
                #""resolve": { "x": "127.0.0.1" }"#,
                #"expected a host and its port, such as "example.org:443", found "x""#
            ),
            (#""resolve": { "x:80": "y" }"#, #"expected an IP address, found "y""#),
            (
                #""proxy": "ftp://x""#,
                "unsupported proxy scheme ftp: expected one of http, https, socks4, socks4a, socks5, socks5h"
            ),
            (#""proxy": "http://x:99999""#, "invalid proxy URL: a port must be a number up to 65535"),
            (#""proxy": "socks5h://u:p@x:1080", "resolve": { "x:80": "::1", "y:1": "127.0.0.1" }"#, nil),
        ] as [(String, String?)])
    func client(_ client: String, _ message: String?) throws {
        var messages: [String] = []
        do throws(InvalidFile) {
            _ = try Fixture.read(
                #"{ "name": "n", "client": { \#(client) }, "steps": [ { "id": "a", "request": { "url": "/" } } ] }"#)
        } catch {
            messages = error.diagnostics.map(\.message)
        }
        #expect(messages == [message].compactMap(\.self))
    }

    @Test("a request's timeout cannot be zero")
    func noTime() throws {
        let error = #expect(throws: InvalidFile.self) {
            try Fixture.read(
                #"{ "name": "n", "steps": [ { "id": "a", "request": { "url": "/", "timeout": "0s" } } ] }"#)
        }
        #expect(error?.diagnostics.map(\.message) == ["\"timeout\" must be greater than zero"])
    }

    @Test(
        "impossible values in a group expectation are reported",
        arguments: [
            (#""status": { "sequence": [200, "2xx"] }"#, "status is a number, so it cannot be compared with a string"),
            (#""status": { "sequence": [20] }"#, "a status code has three digits"),
            (
                #""headers": { "A": { "sequence": [1] } }"#,
                "header A is a string, so it cannot be compared with a number"
            ),
            (
                #""status": { "counts": { "200": 1, "3xx": 2, "2OO": 1, "other": 0 } }"#,
                #""2OO" is not a status code or a class such as 2xx"#
            ),
            (#""status": { "counts": { "20": 1 } }"#, #""20" is not a status code or a class such as 2xx"#),
            (
                #""json": { "$.a": { "sequence": [1, "x"], "counts": { "x": 1 } } }, "status": { "sequence": [200, "{{n}}"] }"#,
                nil
            ),
        ] as [(String, String?)])
    func groups(_ expectation: String, _ message: String?) throws {
        var messages: [String] = []
        do throws(InvalidFile) {
            _ = try Fixture.read(
                #"{ "name": "n", "variables": { "n": 201 }, "steps": [ { "id": "a", "repeat": 2, "request": { "url": "/" }, "expectAll": { \#(expectation) } } ] }"#
            )
        } catch {
            messages = error.diagnostics.map(\.message)
        }
        #expect(messages == [message].compactMap(\.self))
    }

    @Test("a burst cannot have retry")
    func burstWithRetry() throws {
        let error = #expect(throws: InvalidFile.self) {
            try Fixture.read(
                #"{ "name": "n", "steps": [ { "id": "a", "burst": { "count": 2 }, "retry": 1, "request": { "url": "/" } } ] }"#
            )
        }
        #expect(error?.diagnostics.map(\.message) == ["a burst is never retried, so it cannot have \"retry\""])
    }

    @Test("a variable must be defined before its first use")
    func order() throws {
        #expect(throws: InvalidFile.self) {
            try Fixture.read(
                """
                { "name": "n", "steps": [
                  { "id": "a", "request": { "url": "/{{x}}" } },
                  { "id": "b", "request": { "url": "/" }, "capture": { "x": { "status": true } } } ] }
                """)
        }
        let scenario = try Fixture.read(
            """
            { "name": "n", "steps": [
              { "id": "b", "request": { "url": "/" }, "capture": { "x": { "status": true } } },
              { "id": "a", "request": { "url": "/{{x}}" } } ] }
            """)
        #expect(scenario.steps.map(\.id) == ["b", "a"])
    }

    @Test("variables use the environment's values of other variables, in any order")
    func environments() throws {
        let scenario = try Fixture.read(
            """
            { "name": "n", "variables": { "a": "x", "b": "{{a}}1", "host": "h" },
              "environments": { "s": { "a": "envA" }, "t": { "more": "m", "host": "t", "a": "{{host}}/{{more}}" } },
              "steps": [ { "id": "a", "request": { "url": "/" } } ] }
            """)
        let context = Fixture.scope().context
        #expect(try scenario.initialScope(context: context).variables == ["a": "x", "b": "x1", "host": "h"])
        #expect(
            try scenario.initialScope(environment: "s", context: context).variables
                == ["a": "envA", "b": "envA1", "host": "h"])
        #expect(
            try scenario.initialScope(environment: "t", context: context).variables
                == ["a": "t/m", "b": "t/m1", "host": "t", "more": "m"])
    }

    @Test("text from outside takes the type of the value in the file")
    func retyping() throws {
        let scenario = try Fixture.read(
            """
            { "name": "n", "variables": { "count": 1, "flag": true, "text": "7", "next": "{{count}}" },
              "steps": [ { "id": "a", "request": { "url": "/" } } ] }
            """)
        let scope = try scenario.initialScope(
            given: ["count": "5", "flag": "false", "text": "8"], context: Fixture.scope().context)
        #expect(scope.variables == ["count": 5, "flag": false, "text": "8", "next": 5])
        let error = #expect(throws: Diagnostic.self) {
            try scenario.initialScope(given: ["flag": "maybe"], context: Fixture.scope().context)
        }
        #expect(error?.message == "the value given for the variable \"flag\" is not of type boolean")
    }

    @Test("an environment variable's text takes the type of its default")
    func retypingOfEnvironment() throws {
        let scenario = try Fixture.read(
            """
            { "name": "n", "variables": { "port": 80, "p": { "env": "P", "default": 1 }, "s": { "env": "S", "default": "1" },
                "t": { "env": "T" }, "u": { "env": "U", "default": "{{port}}" }, "v": { "env": "V", "default": "{{uuid()}}" } },
              "steps": [ { "id": "a", "request": { "url": "/" } } ] }
            """)
        func values(_ environment: [String: String], _ given: [String: String] = [:]) throws -> [String: JSON] {
            let context = TemplateContext(environment: environment, now: { 0 }, readFile: { _ in [] })
            return try scenario.initialScope(given: given, context: context).variables
        }
        let environment = ["P": "2", "S": "2", "T": "2", "U": "2", "V": "2"]
        #expect(try values(environment) == ["port": 80, "p": 2, "s": "2", "t": "2", "u": 2, "v": "2"])
        #expect(try values(environment, ["p": "3", "t": "3"])["p"] == 3)
        #expect(try values(["T": "2"])["p"] == 1)
        var wrong = environment
        wrong["P"] = "two"
        let error = #expect(throws: Diagnostic.self) { try values(wrong) }
        #expect(error?.message == "the value given for the variable \"p\" is not of type number")
    }
}
