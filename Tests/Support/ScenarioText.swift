/// Generates valid scenarios with random assertions, captures, and templates that use captured values.
enum ScenarioText {
    static func random(using random: inout some RandomNumberGenerator) -> String {
        var generator = Generator(random: random)
        defer { random = generator.random }
        let steps = (0..<3).map { number in
            #"{ "id": "t\#(number)", "request": { "url": "/{{known}}", "json": \#(generator.body()) } }"#
        }
        return """
            { "name": "trial", "variables": { "known": 1 }, "steps": [
              { "id": "s", "request": { "url": "/" }, "expect": \(generator.expectation()),
                "expectAll": \(generator.groupExpectation()), "capture": \(generator.captures()) },
              \(steps.joined(separator: ",\n  "))
            ] }
            """
    }
}

/// The kind of value of an expectation, as far as the reader checks it.
private enum Kind: CaseIterable {
    case status, number, time, text, any
}

private struct Generator<Random: RandomNumberGenerator> {
    var random: Random

    mutating func one(of texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }
    mutating func chance(_ part: Int, of whole: Int) -> Bool { Int.random(in: 0..<whole, using: &random) < part }

    private static var paths: [String] {
        [
            "$", "$.n", "$.n[0]", "$.n[-1]", "$.n[*]", "$..*", "$.s", "$.l", "$.l[*]", "$.a.b[0].c", "$[?@.n > 1]",
            "$[::-1]", "$.n[9007199254740991]", "$..[?length(@) >= 0]", "$.n[?@ < 1e400]",
        ]
    }

    private static var numbers: [String] {
        ["0", "-0", "1", "2.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "-9223372036854775808", "200"]
    }

    // MARK: Expectations

    mutating func expectation() -> String {
        object(of: queries()) { $0.matcher($1, depth: 2) }
    }

    mutating func groupExpectation() -> String {
        let known = ["status", "headers", "json", "body", "bytes", "time", "since"]
        return object(of: queries().filter { known.contains($0.key) }) { $0.groupMatcher($1) }
    }

    private mutating func queries() -> [(key: String, kind: Kind)] {
        let all: [(key: String, kind: Kind)] = [
            ("status", .status), ("headers", .text), ("json", .any), ("json", .any), ("body", .text),
            ("bytes", .number), ("time", .time), ("phases", .time), ("since", .time), ("cookies", .text),
            ("httpVersion", .text),
        ]
        var keys: Set<String> = []
        return all.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)).filter {
            keys.insert($0.key).inserted
        }
    }

    /// The members of an expectation; `matcher` generates the value of each.
    private mutating func object(
        of queries: [(key: String, kind: Kind)], _ matcher: (inout Self, Kind) -> String
    ) -> String {
        var members: [String] = []
        for (key, kind) in queries {
            let value =
                switch key {
                case "headers": #"{ "\#(one(of: ["X-N", "Content-Length", "Missing"]))": \#(matcher(&self, kind)) }"#
                case "json": #"{ "\#(one(of: Self.paths))": \#(matcher(&self, kind)) }"#
                case "phases":
                    #"{ "\#(one(of: ["nameLookup", "connect", "tls", "firstByte"]))": \#(matcher(&self, kind)) }"#
                case "since": #"{ "s": \#(matcher(&self, kind)) }"#
                case "cookies": #"{ "\#(one(of: ["a", "c", ""]))": \#(matcher(&self, kind)) }"#
                default: matcher(&self, kind)
                }
            members.append(#""\#(key)": \#(value)"#)
        }
        return "{ \(members.joined(separator: ", ")) }"
    }

    private mutating func groupMatcher(_ kind: Kind) -> String {
        let members = [
            #""counts": \#(counts(kind))"#, #""sequence": [\#(literal(kind)), \#(literal(kind))]"#,
            #""first": \#(matcher(kind, depth: 1))"#, #""last": \#(matcher(kind, depth: 1))"#,
            #""each": \#(matcher(kind, depth: 1))"#, #""allEqual": \#(one(of: ["true", "false"]))"#,
            #""distinct": \#(one(of: ["true", "false"]))"#, #""increasing": \#(one(of: ["true", "false"]))"#,
            #""percentile": { "\#(one(of: ["0", "50", "99.9", "100"]))": \#(matcher(kind, depth: 1)) }"#,
            #""restToFirst": \#(matcher(.any, depth: 1))"#, #""evenToOdd": \#(matcher(.any, depth: 1))"#,
        ]
        let chosen = members.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random))
        return "{ \(chosen.joined(separator: ", ")) }"
    }

    private mutating func counts(_ kind: Kind) -> String {
        let name = kind == .status ? one(of: ["200", "2xx", "429"]) : one(of: ["0", "1e400", "x", "null", ""])
        let other = chance(1, of: 2) ? #", "other": \#(matcher(.any, depth: 1))"# : ""
        return #"{ "\#(name)": \#(matcher(.any, depth: 1))\#(other) }"#
    }

    // MARK: Matchers

    private mutating func matcher(_ kind: Kind, depth: Int) -> String {
        if chance(1, of: 6) { return literal(kind) }
        let (value, inner) = (literal(kind), depth - 1)
        var members = [
            #""eq": \#(value)"#, #""ne": \#(value)"#, #""equals": \#(value)"#, #""includes": \#(value)"#,
            #""contains": \#(value)"#, #""in": [\#(value), \#(literal(kind))]"#, #""notIn": [\#(value)]"#,
            #""exists": \#(one(of: ["true", "false"]))"#, #""minLength": 0"#, #""maxLength": 9223372036854775807"#,
            #""length": 1"#,
            #""type": "\#(one(of: ["null", "boolean", "number", "integer", "string", "array", "object"]))""#,
            #""matches": "\#(one(of: ["^.", #"\\d+"#, "(a|b)*$", #"^\\p{L}"#]))""#,
        ]
        for name in ["isoDate", "uuid", "ipv4", "ipv6", "url"] {
            members.append(#""\#(name)": \#(one(of: ["true", "false"]))"#)
        }
        let claims = #"{ "claims": { "$.sub": { "gt": 0 }, "$.exp": { "lt": 0 } } }"#
        members.append(#""jwt": \#(one(of: ["true", claims]))"#)
        if kind != .any { members += [#""gt": \#(value)"#, #""lte": \#(value)"#] }
        if kind == .any { members += [#""gte": \#(one(of: Self.numbers))"#, #""lt": \#(one(of: Self.numbers))"#] }
        if depth > 0 {
            members += [
                #""not": \#(matcher(kind, depth: inner))"#, #""each": \#(matcher(.any, depth: inner))"#,
                #""any": \#(matcher(.any, depth: inner))"#, #""none": \#(matcher(.any, depth: inner))"#,
                #""number": \#(matcher(.any, depth: inner))"#,
            ]
        }
        let chosen = members.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
        return "{ \(chosen.joined(separator: ", ")) }"
    }

    private mutating func literal(_ kind: Kind) -> String {
        switch kind {
        case .status: one(of: ["200", "429", "500", "999"])
        case .number: one(of: Self.numbers)
        case .time: one(of: Self.numbers + [#""5ms""#, #""1h""#, #""0s""#])
        case .text: one(of: [#""""#, #""0""#, #""NaN""#, #""é""#, #""x""#, #""{{c0}}""#])
        case .any:
            one(
                of: Self.numbers + [
                    "null", "true", #""x""#, "[]", #"[1e400, [null]]"#, #""{{c0}}""#, #""{{c1[0]}}""#,
                    #""{{now(c0)}}""#,
                ])
        }
    }

    // MARK: Captures and templates

    mutating func captures() -> String {
        var members: [String] = []
        for index in 0..<4 {
            let source = one(of: [
                #""json": "\#(one(of: Self.paths))""#, #""json": "$.n""#, #""json": "$.n[0]""#, #""json": "$.l""#,
                #""header": "X-N""#, #""cookie": "a""#, #""status": true"#, #""body": true"#,
            ])
            let match = chance(1, of: 4) ? #", "match": "\#(one(of: [#"(\\d*)"#, "^.", "x?$"]))""# : ""
            let secret = chance(1, of: 6) ? #", "secret": true"# : ""
            members.append(#""c\#(index)": { \#(source)\#(match)\#(secret) }"#)
        }
        return "{ \(members.joined(separator: ", ")) }"
    }

    /// A request body with a single expression, so that one failing expression cannot hide another.
    mutating func body() -> String {
        let (a, b, c) = (variable(), variable(), variable())
        let expression = one(of: [
            a, "now(\(a))", "now(\(a), 'iso')", "now(\(a), \(b))", "randomInt(\(a), \(b))", "randomInt(\(a), \(a))",
            "pick(\(a), \(b))", "pick(\(a), counter())", "base64(\(a))", "base64url(\(a))", "urlEncode(\(a))",
            "hmacSha256(\(a), \(b))", "sha256(\(a))", "jwt(\(a), \(b), \(c))", "jwt(\(a), \(b), \(c), \(a))",
            "counter(\(a))", "env(\(a), \(b))", "randomString(\(a))", "\(a).b", "\(a)[0]", "\(a)[9223372036854775807]",
        ])
        return #"{ "x": "{{\#(expression)}}" }"#
    }

    private mutating func variable() -> String { "c\(Int.random(in: 0..<4, using: &random))" }
}
