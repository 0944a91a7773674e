import Testing

@testable import Scenario

struct GroupAccumulatorTests {
    private static func mismatches(_ expectAll: String, _ responses: [Response]) throws -> [Mismatch] {
        let scenario = try Fixture.scenario(expectAll: expectAll)
        guard case .request(let step) = scenario.steps[0].action else { return [] }
        var group = GroupAccumulator(step.groupExpectation)
        for response in responses {
            var examined = ExaminedResponse(response)
            try group.add(&examined, in: Fixture.scope())
        }
        return try group.mismatches(in: Fixture.scope())
    }

    private static func statuses(_ statuses: Int...) -> [Response] { statuses.map { Response(status: $0) } }

    private static func sources(_ sources: String...) -> [Response] {
        sources.map { Response(status: 200, body: Array("{\"source\":\"\($0)\"}".utf8)) }
    }

    @Test("times are shown with a unit, and ratios of times without")
    func times() throws {
        let responses = [100.0, 301.112].map { milliseconds in
            Response(status: 200, times: .init(total: .microseconds(Int(milliseconds * 1_000))))
        }
        let found = try Self.mismatches(
            #"{ "time": { "percentile": { "99": { "lt": "100ms" } }, "each": { "in": ["1ms", "2s"] }, "restToFirst": { "lt": 1 }, "increasing": false } }"#,
            responses)
        #expect(
            found.map(\.expected) == [
                "below 100ms", "one of [1ms, 2s]", "one of [1ms, 2s]", "below 1", "not increasing, over 2 responses",
            ])
        #expect(found.map(\.actual) == ["301.112ms", "100ms", "301.112ms", "3.01112 (number)", "they all are"])
    }

    @Test(
        "responses are counted by value",
        arguments: [
            ("{ \"200\": 2, \"429\": 1 }", true), ("{ \"200\": { \"lte\": 2 }, \"429\": { \"gte\": 1 } }", true),
            ("{ \"2xx\": 2, \"4xx\": 1 }", true), ("{ \"200\": 2, \"other\": 1 }", true),
            ("{ \"200\": 3, \"429\": 0 }", false),
            ("{ \"200\": 2 }", false), ("{ \"200\": 2, \"429\": 1, \"500\": 0 }", true),
        ])
    func counts(_ counts: String, _ holds: Bool) throws {
        let found = try Self.mismatches("{ \"status\": { \"counts\": \(counts) } }", Self.statuses(200, 429, 200))
        #expect(found.isEmpty == holds)
    }

    @Test("a value without a count is reported")
    func unnamed() throws {
        let found = try Self.mismatches("{ \"status\": { \"counts\": { \"200\": 1 } } }", Self.statuses(200, 500))
        #expect(found.map(\.subject) == ["status: count of other"])
        #expect(found.map(\.expected) == ["only 200"])
        #expect(found.map(\.actual) == ["1 × 200, 1 × 500"])
    }

    @Test(
        "conditions on a group compare its values in order",
        arguments: [
            ("{ \"sequence\": [\"db\", \"cache\", \"cache\"] }", true),
            ("{ \"sequence\": [\"db\", \"cache\"] }", false),
            ("{ \"sequence\": [\"db\", \"cache\", \"cache\", \"cache\"] }", false),
            ("{ \"first\": \"db\", \"last\": \"cache\" }", true),
            ("{ \"first\": \"cache\" }", false), ("{ \"last\": \"db\" }", false),
            ("{ \"each\": { \"in\": [\"db\", \"cache\"] } }", true),
            ("{ \"each\": \"cache\" }", false), ("{ \"allEqual\": true }", false), ("{ \"allEqual\": false }", true),
            ("{ \"distinct\": true }", false), ("{ \"distinct\": false }", true), ("{ \"increasing\": true }", false),
            ("{ \"counts\": { \"db\": 1, \"cache\": 2 } }", true),
        ])
    func orders(_ condition: String, _ holds: Bool) throws {
        let found = try Self.mismatches(
            "{ \"json\": { \"$.source\": \(condition) } }", Self.sources("db", "cache", "cache"))
        #expect(found.isEmpty == holds, "\(found)")
    }

    @Test(
        "a missing value fails every condition on equality, distinctness and order",
        arguments: [
            #""allEqual": true"#, #""allEqual": false"#, #""distinct": true"#, #""distinct": false"#,
            #""increasing": true"#, #""increasing": false"#, #""sequence": [null, null, null]"#,
        ])
    func missing(_ condition: String) throws {
        let responses = Self.sources("a", "b", "c")
        // A header is text, so a file cannot compare it with null.
        let text = condition.replacing("null", with: #""null""#)
        for query in [#""json": { "$.nope": { \#(condition) } }"#, #""headers": { "X-None": { \#(text) } }"#] {
            #expect(try Self.mismatches("{ \(query) }", responses).count == 1)
        }
    }

    @Test("an explicit null is a value")
    func null() throws {
        let responses = Array(repeating: Response(status: 200, body: Array(#"{"a":null}"#.utf8)), count: 2)
        let condition = #"{ "json": { "$.a": { "allEqual": true, "distinct": false, "sequence": [null, null] } } }"#
        #expect(try Self.mismatches(condition, responses).isEmpty)
    }

    @Test("increasing is strict")
    func increasing() throws {
        #expect(try Self.mismatches("{ \"status\": { \"increasing\": true } }", Self.statuses(1, 2, 3)).isEmpty)
        #expect(try !Self.mismatches("{ \"status\": { \"increasing\": true } }", Self.statuses(1, 2, 2)).isEmpty)
        #expect(try Self.mismatches("{ \"status\": { \"distinct\": true } }", Self.statuses(3, 2, 1)).isEmpty)
    }

    private static func numbers(_ literals: [String]) -> [Response] {
        literals.map { Response(status: 200, body: Array(#"{"n":\#($0)}"#.utf8)) }
    }

    @Test(
        "a ratio that is not a number fails every assertion about it",
        arguments: [
            (["0", "5", "5"], "no ratio: the divisor is not above zero"),
            (["0", "0", "0"], "no ratio: the divisor is not above zero"),
            (["-1", "5", "5"], "no ratio: the divisor is not above zero"),
            (["1e-300", "1e300", "1e300"], "no ratio: the numbers are too large to divide"),
            (["1e400", "1e400", "1e400"], "no ratio: the numbers are too large to divide"),
        ])
    func noRatio(_ numbers: [String], _ reason: String) throws {
        for matcher in [#"{ "lt": 1 }"#, #"{ "gte": 1 }"#, #"{ "not": { "lt": 1 } }"#, #"{ "exists": false }"#] {
            for ratio in ["restToFirst", "evenToOdd"] {
                let condition = #"{ "json": { "$.n": { "\#(ratio)": \#(matcher) } } }"#
                #expect(try Self.mismatches(condition, Self.numbers(numbers)).map(\.actual) == [reason])
            }
        }
    }

    @Test(
        "only a number of three digits counts towards a class such as 2xx",
        arguments: [("42", "0xx"), ("1042", "10xx")])
    func noClass(_ number: String, _ name: String) throws {
        let condition = #"{ "json": { "$.n": { "counts": { "\#(name)": 0, "other": 1 } } } }"#
        #expect(try Self.mismatches(condition, Self.numbers([number])).isEmpty)
    }

    @Test("a ratio divides the medians")
    func medians() throws {
        // The median of 1 to 51 is 26.
        let numbers = (1...51).flatMap { ["\($0)", "26"] }
        let condition = #"{ "json": { "$.n": { "evenToOdd": 1 } } }"#
        #expect(try Self.mismatches(condition, Self.numbers(numbers)).isEmpty)
    }

    @Test("a percentile is the exact number in the body, however large")
    func exactPercentile() throws {
        let responses = Self.numbers(["9007199254740993", "-1e400", "1e400"])
        let condition =
            #"{ "json": { "$.n": { "percentile": { "0": -1e400, "50": 9007199254740993, "100": { "gt": 1e308 } } } } }"#
        #expect(try Self.mismatches(condition, responses).isEmpty)
        let failing = #"{ "json": { "$.n": { "percentile": { "100": 1, "50": 9007199254740992 } } } }"#
        #expect(
            try Self.mismatches(failing, responses).map(\.actual) == ["1e400 (number)", "9007199254740993 (number)"])
    }

    @Test("the time since a step is compared across all responses")
    func since() throws {
        let expectAll = #"{ "since": { "s": { "last": { "gte": "2s" }, "increasing": true } } }"#
        let scenario = try Fixture.scenario(expectAll: expectAll)
        guard case .request(let step) = scenario.steps[0].action else { return }
        for (seconds, holds) in [([1, 2], true), ([2, 1], false), ([1, 1], false)] {
            var group = GroupAccumulator(step.groupExpectation)
            for second in seconds {
                var examined = ExaminedResponse(Response(status: 200), elapsed: ["s": .seconds(second)])
                try group.add(&examined, in: Fixture.scope())
            }
            #expect(try group.mismatches(in: Fixture.scope()).isEmpty == holds)
        }
    }

    @Test("a body that is not JSON is reported as such")
    func notJSON() throws {
        let found = try Self.mismatches(
            "{ \"json\": { \"$.source\": { \"last\": \"cache\" } } }",
            [Response(status: 200, body: Array("<html>".utf8))])
        #expect(found.count == 1)
        #expect(found[0].actual.hasPrefix("the body is not JSON: "))
    }
}
