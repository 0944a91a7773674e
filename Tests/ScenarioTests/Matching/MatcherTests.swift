import TestSupport
import Testing

@testable import Scenario

struct MatcherTests {
    /// The mismatches of a matcher in scenario syntax with a value, or with a missing one.
    static func mismatches(_ matcher: String, _ value: String?) throws -> [Mismatch] {
        let observed = try value.map { Observed.value(try JSON(text: $0)) } ?? .missing
        return try Self.matcher(matcher).mismatches(
            of: observed, subject: "$", in: Fixture.scope(["expected": "x"]))
    }

    /// Parses a matcher in scenario syntax.
    static func matcher(_ text: String) throws -> Matcher {
        let scenario = try Fixture.scenario(expect: "{ \"json\": { \"$\": \(text) } }")
        guard case .request(let step) = scenario.steps[0].action else { return Matcher(conditions: []) }
        return step.expectation.assertions[0].matcher
    }

    @Test(
        "operators hold for matching values",
        arguments: [
            ("1", "1.0"), ("\"a\"", "\"a\""), ("null", "null"), ("[1, 2]", "[1,2]"), ("\"{{expected}}\"", "\"x\""),
            ("{ \"eq\": { \"a\": 1, \"b\": 2 } }", "{\"b\":2,\"a\":1}"), ("{ \"ne\": 1 }", "\"1\""),
            ("{ \"gt\": 1, \"lt\": 3 }", "2"), ("{ \"gte\": 2, \"lte\": 2 }", "2"), ("{ \"gt\": \"a\" }", "\"b\""),
            ("{ \"in\": [1, 2] }", "2"), ("{ \"notIn\": [1, 2] }", "3"), ("{ \"contains\": \"el\" }", "\"hello\""),
            ("{ \"contains\": 2 }", "[1,2]"), ("{ \"startsWith\": \"he\" }", "\"hello\""),
            ("{ \"endsWith\": \"lo\" }", "\"hello\""), ("{ \"matches\": \"^h.l+o$\" }", "\"hello\""),
            ("{ \"matches\": \"\\\\d+\" }", "\"a 12\""), ("{ \"exists\": true }", "null"),
            ("{ \"type\": \"integer\" }", "2.0"),
            ("{ \"type\": \"number\" }", "2.5"), ("{ \"minLength\": 2, \"maxLength\": 2 }", "[1,2]"),
            ("{ \"length\": 2 }", "\"é\u{301}\""),
            ("{ \"length\": { \"gt\": 1 } }", "{\"a\":1,\"b\":2}"),
            ("{ \"number\": { \"gte\": 1, \"lt\": 10 } }", "\"7\""), ("{ \"number\": 0.5 }", "\"5e-1\""),
            ("{ \"not\": { \"number\": { \"gt\": 0 } } }", "\"x7\""),
            ("{ \"isoDate\": true }", "\"2024-02-29T23:59:60Z\""),
            ("{ \"isoDate\": true }", "\"2024-03-01T05:29:60+05:30\""),
            ("{ \"isoDate\": true }", "\"2024-02-29T15:59:60-08:00\""),
            ("{ \"isoDate\": false }", "\"2024-02-29T12:59:60Z\""),
            ("{ \"isoDate\": false }", "\"2024-02-29T23:59:60+01:00\""),
            ("{ \"isoDate\": false }", "\"2023-02-29\""), ("{ \"isoDate\": false }", "\"today\""),
            ("{ \"isoDate\": false }", "\"2024-13-01\""), ("{ \"isoDate\": true }", "\"2000-02-29\""),
            ("{ \"isoDate\": false }", "\"1900-02-29\""), ("{ \"isoDate\": false }", "\"2024-00-01\""),
            ("{ \"uuid\": true }", "\"550e8400-e29b-41d4-a716-446655440000\""),
            ("{ \"ipv4\": true }", "\"127.0.0.1\""), ("{ \"ipv4\": false }", "\"127.0.0.01\""),
            ("{ \"ipv6\": true }", "\"::ffff:1.2.3.4\""), ("{ \"ipv6\": true }", "\"2001:db8::90af\""),
            ("{ \"ipv6\": false }", "\"::1.2.3.4:5\""),
            ("{ \"url\": true }", "\"https://example.org/a?b\""),
            ("{ \"url\": true }", "\"HTTP://u:p@[::1]:8080?b\""), ("{ \"url\": true }", "\"http://a:/\""),
            ("{ \"url\": false }", "\"http://a:99999/\""), ("{ \"url\": false }", "\"http://a:b/\""),
            ("{ \"url\": false }", "\"http://[::1/\""), ("{ \"url\": false }", "\"http://[::1]x/\""),
            ("{ \"url\": false }", "\"http://:80/\""), ("{ \"url\": false }", "\"http://a b/\""),
            ("{ \"each\": { \"gt\": 0 } }", "[1,2]"),
            ("{ \"each\": 1 }", "[]"),
            ("{ \"any\": 2 }", "[1,2]"), ("{ \"none\": 3 }", "[1,2]"), ("{ \"not\": { \"type\": \"string\" } }", "1"),
            ("{ \"equals\": {} }", "{}"),
            ("{ \"includes\": { \"a\": { \"b\": 1 } } }", "{\"a\":{\"b\":1,\"c\":2},\"d\":3}"),
            ("{ \"includes\": [{ \"a\": 1 }] }", "[{\"a\":2},{\"a\":1,\"b\":2}]"),
            (
                "{ \"jwt\": { \"header\": { \"$.alg\": \"HS256\" }, \"claims\": { \"$.sub\": \"admin\" } } }",
                Fixture.token
            ),
        ])
    func holds(_ matcher: String, _ value: String) throws {
        #expect(try Self.mismatches(matcher, value).isEmpty)
    }

    @Test(
        "a status can be compared with a class such as 2xx",
        arguments: [
            (#"{ "in": ["2xx", 404] }"#, [204, 404], [301, 500], "one of [2xx, 404]"),
            (#"{ "notIn": ["5xx", "4xx"] }"#, [204], [404, 500], "none of [5xx, 4xx]"),
            (#"{ "eq": "2xx" }"#, [200], [300], "one of [2xx]"), (#"{ "ne": "2xx" }"#, [300], [200], "none of [2xx]"),
            (#"{ "not": "2xx" }"#, [300], [200], "not at least 200 and below 300"),
        ])
    func classes(_ matcher: String, _ good: [Int], _ bad: [Int], _ expected: String) throws {
        let scenario = try Fixture.scenario(expect: #"{ "status": \#(matcher) }"#)
        guard case .request(let step) = scenario.steps[0].action else { return }
        func mismatches(_ status: Int) throws -> [String] {
            try step.expectation.assertions[0].matcher.mismatches(
                of: .value(.number(JSONNumber(status))), subject: "status", in: Fixture.scope()
            ).map(\.expected)
        }
        for status in good { #expect(try mismatches(status) == [], "\(status)") }
        for status in bad { #expect(try mismatches(status) == [expected], "\(status)") }
    }

    @Test(
        "a number without a fraction is an integer, however large",
        arguments: [
            ("1e30", true), ("1e400", true), ("123456789012345678901234567890", true), ("-1.50e1", true), ("0.0", true),
            ("0e-9", true), ("1.5", false), ("1e-400", false), ("12345678901234567890.5", false),
        ])
    func integers(_ number: String, _ holds: Bool) throws {
        #expect(try Self.mismatches(#"{ "type": "integer" }"#, number).isEmpty == holds)
    }

    @Test(
        "text is compared by Unicode scalars",
        arguments: [
            ("contains", "\n", "a\r\n", true), ("contains", "🇪", "🇩🇪", true), ("contains", "\u{301}", "e\u{301}", true),
            ("contains", "\u{E9}", "e\u{301}", false), ("contains", "", "", true), ("contains", "a", "", false),
            ("contains", "aab", "aaab", true), ("contains", "abab!", "ababab!", true),
            ("matches", "^\n", "\r\n", false), ("matches", "\n$", "a\r\n", true), ("matches", "^e", "e\u{301}", true),
            ("matches", "\u{E9}", "e\u{301}", false),
        ])
    func codePoints(_ operation: String, _ part: String, _ text: String, _ holds: Bool) throws {
        let matcher = JSON.object(JSONObject([(operation, .string(part))])).serialized()
        #expect(try Self.mismatches(matcher, JSON.string(text).serialized()).isEmpty == holds)
    }

    @Test("substring search takes linear time", .timeLimit(.minutes(1)))
    func longContains() {
        let text = String(repeating: "a", count: 1 << 20)
        let half = String(repeating: "a", count: 1 << 18)
        #expect(!text.hasUTF8(of: half + "b" + half))
    }

    @Test(
        "a failed operator reports what was expected",
        arguments: [
            ("1", "\"1\"", "1 (number)"), ("\"a\"", "\"A\"", "\"a\" (string)"),
            ("{ \"ne\": 1 }", "1.0", "any value except 1"),
            ("{ \"number\": { \"gt\": 7 } }", "\"7\"", "numeric text that is above 7"),
            ("{ \"number\": 7 }", "7", "numeric text that is 7 (number)"),
            ("{ \"gt\": 2 }", "2", "above 2"), ("{ \"lt\": 2 }", "\"1\"", "below 2"),
            ("{ \"in\": [1, 2] }", "3", "one of [1,2]"),
            ("{ \"notIn\": [3] }", "3", "none of [3]"),
            ("{ \"contains\": \"x\" }", "\"hello\"", "a value that contains \"x\""),
            ("{ \"startsWith\": \"lo\" }", "\"hello\"", "text that starts with \"lo\""),
            ("{ \"endsWith\": \"x\" }", "\"hello\"", "text that ends with \"x\""),
            ("{ \"matches\": \"^x\" }", "\"ax\"", "text that matches ^x"),
            ("{ \"exists\": false }", "1", "no value"), ("{ \"type\": \"integer\" }", "2.5", "a value of type integer"),
            ("{ \"minLength\": 3 }", "[1,2]", "a length of at least 3"),
            ("{ \"maxLength\": 1 }", "[1,2]", "a length of at most 1"),
            ("{ \"length\": 3 }", "1", "a length of 3"), ("{ \"uuid\": true }", "\"x\"", "UUID"),
            ("{ \"ipv6\": true }", "\"1::2::3\"", "IPv6 address"),
            ("{ \"url\": true }", "\"ftp://a\"", "URL"),
            ("{ \"any\": 3 }", "[1,2]", "an array with an element that is 3 (number)"),
            ("{ \"none\": 2 }", "[1,2]", "an array with no element that is 2 (number)"),
            ("{ \"each\": 1 }", "1", "an array of 1 (number)"), ("{ \"includes\": {} }", "1", "{} (object)"),
            ("{ \"not\": 1 }", "1", "not 1 (number)"), ("{ \"jwt\": true }", "\"a.b.c\"", "a JSON Web Token"),
        ])
    func fails(_ matcher: String, _ value: String, _ expected: String) throws {
        let mismatches = try Self.mismatches(matcher, value)
        #expect(mismatches.map(\.expected) == [expected])
        #expect(try mismatches.map(\.actual) == [ValueWords(hiding: Secrets()).text(of: JSON(text: value))])
    }

    @Test(
        "a missing value fails every operator that does not ask for absence",
        arguments: [
            ("{ \"exists\": false }", true), ("{ \"not\": { \"eq\": 1 } }", true), ("{ \"exists\": true }", false),
            ("{ \"ne\": 1 }", false),
            ("{ \"notIn\": [1] }", false), ("null", false), ("{ \"maxLength\": 9 }", false),
        ])
    func missing(_ matcher: String, _ holds: Bool) throws {
        #expect(try Self.mismatches(matcher, nil).isEmpty == holds)
    }

    @Test(
        "exists holds for a path with several matches if there is any match",
        arguments: [
            ("$.list[*]", #"{ "exists": true }"#, true), ("$.list[*]", #"{ "exists": false }"#, false),
            ("$.list[*].id", #"{ "exists": true }"#, false), ("$.list[*].id", #"{ "exists": false }"#, true),
            ("$..id", #"{ "not": { "exists": true } }"#, true), ("$..id", #"{ "not": { "exists": false } }"#, false),
            ("$.nulls[*]", #"{ "exists": true }"#, true), ("$..id", #"{ "length": 0 }"#, true),
            ("$..id", #"{ "each": { "gt": 0 } }"#, true), ("$..id", #"{ "eq": [] }"#, true),
        ])
    func existsOfSeveral(_ path: String, _ matcher: String, _ holds: Bool) throws {
        let scenario = try Fixture.scenario(expect: #"{ "json": { "\#(path)": \#(matcher) } }"#)
        guard case .request(let step) = scenario.steps[0].action else { return }
        var response = ExaminedResponse(
            Response(status: 200, body: Array(#"{"list":[1,{}],"nulls":[null]}"#.utf8)))
        let mismatches = try step.expectation.mismatches(of: &response, in: Fixture.scope())
        #expect(mismatches.isEmpty == holds, "\(mismatches)")
        #expect(try step.expectation.holds(for: &response, in: Fixture.scope()) == holds)
        if path == "$.list[*].id", !holds {
            #expect(mismatches.map(\.actual) == ["[] (array): the path matched nothing"])
        }
    }

    @Test("exists fails either way on a body that is not JSON")
    func existsNowhere() throws {
        for (path, isExpected) in [("$.a", true), ("$.a", false), ("$..a", true), ("$..a", false)] {
            let scenario = try Fixture.scenario(expect: #"{ "json": { "\#(path)": { "exists": \#(isExpected) } } }"#)
            guard case .request(let step) = scenario.steps[0].action else { return }
            var response = ExaminedResponse(Response(status: 200, body: Array("<html>".utf8)))
            #expect(try !step.expectation.holds(for: &response, in: Fixture.scope()))
        }
    }

    @Test("all ways to evaluate a matcher agree")
    func oneJudgement() throws {
        let matchers = try [
            "1", "\"a\"", "null", "[1, 2]", "{ \"eq\": { \"a\": 2 } }", "{ \"ne\": \"a\" }", "{ \"gt\": 1 }",
            "{ \"lte\": \"b\" }", "{ \"in\": [1, \"a\"] }", "{ \"notIn\": [1, []] }", "{ \"contains\": \"a\" }",
            "{ \"contains\": 1 }", "{ \"startsWith\": \"a\" }", "{ \"endsWith\": \"a\" }", "{ \"matches\": \"^a$\" }",
            "{ \"exists\": true }", "{ \"exists\": false }", "{ \"type\": \"integer\" }", "{ \"type\": \"object\" }",
            "{ \"length\": 1 }", "{ \"minLength\": 1 }", "{ \"maxLength\": 1 }", "{ \"length\": { \"gt\": 1 } }",
            "{ \"number\": 1 }", "{ \"uuid\": true }", "{ \"uuid\": false }", "{ \"jwt\": true }",
            "{ \"each\": { \"gt\": 0 } }",
            "{ \"any\": { \"length\": 1 } }", "{ \"none\": { \"each\": 1 } }", "{ \"not\": { \"type\": \"string\" } }",
            "{ \"includes\": { \"a\": 2 } }", "{ \"includes\": [1, { \"a\": 2 }] }",
            "{ \"each\": { \"not\": { \"each\": 1 } } }",
        ].map(Self.matcher)
        var random = SeededGenerator(seed: 4)
        let texts =
            ["1e0", "2.0", "\"\\u0061\"", "\"a\u{301}\"", "\"b\"", "[]", "{}", "[1,2]", "[2,1.0]", "[[1],[1,1],[]]"]
            + ["{\"a\":1,\"a\":2}", "{\"\\u0061\":2}", "[{\"a\":1,\"a\":2},1]", "{\"b\":1,\"b\":1}", Fixture.token]
            + (0..<300).map { _ in JSON.random(depth: 3, using: &random).serialized() }
        let scope = Fixture.scope()
        for text in texts {
            let node = try JSONDocument(parsing: Array(text.utf8)).root
            for matcher in matchers {
                let told = try matcher.mismatches(of: .value(node.value), subject: "$", in: scope)
                #expect(try matcher.holds(for: .value(node.value), in: scope) == told.isEmpty, "\(matcher) of \(text)")
                #expect(try matcher.holds(for: .node(node), in: scope) == told.isEmpty, "\(matcher) of \(text)")
                #expect(try matcher.mismatches(of: .node(node), subject: "$", in: scope) == told)
            }
        }
    }

    @Test("failed conditions are numbered across all assertions")
    func failures() throws {
        let scenario = try Fixture.scenario(
            expect: """
                { "status": { "gte": 200, "lt": 300 }, "headers": { "x-a": "1, 2" },
                  "json": { "$.a": { "type": "string", "length": 2 }, "$.b": { "exists": false }, "$.*": [1] } }
                """)
        guard case .request(let step) = scenario.steps[0].action else { return }
        let headers = [Header("X-A", "1"), Header("X-B", "3"), Header("X-a", "2")]
        var response = ExaminedResponse(
            Response(status: 404, headers: headers, body: Array("{\"a\":\"x\",\"b\":null}".utf8)))
        var failed: [Int] = []
        step.expectation.forEachFailure(of: &response, in: Fixture.scope()) { failed.append($0) }
        #expect(failed == [1, 4, 5, 6])
        #expect(try !step.expectation.holds(for: &response, in: Fixture.scope()))
        #expect(
            try step.expectation.mismatches(of: &response, in: Fixture.scope()).map(\.subject)
                == ["status", "$.a", "$.b", "$.*"])
    }

    @Test("every failing path is reported, not only the first")
    func everyPath() throws {
        let each = try Self.mismatches("{ \"each\": { \"type\": \"string\" } }", "[\"a\",1,\"b\",null]")
        #expect(each.map(\.subject) == ["$[1]", "$[3]"])
        let includes = try Self.mismatches("{ \"includes\": { \"a\": 1, \"b\": { \"c\": 2 } } }", "{\"a\":2,\"b\":{}}")
        #expect(includes.map(\.subject) == ["$.a", "$.b.c"])
        #expect(includes.map(\.actual) == ["2 (number)", "no value"])
        let token = try Self.mismatches(
            #"{ "jwt": { "header": { "$.alg": "none" }, "claims": { "$.sub": "admin", "$.id": 7 } } }"#, Fixture.token)
        #expect(token.map(\.subject) == ["$ header $.alg", "$ claims $.id"])
        #expect(token.map(\.actual) == ["\"HS256\" (string)", "no value"])
    }
}

extension JSON {
    init(text: String) throws { self = try JSONDocument(parsing: Array(text.utf8)).root.value }
}
