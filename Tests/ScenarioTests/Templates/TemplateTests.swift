import Testing

@testable import Scenario

struct TemplateTests {
    private static let context = TemplateContext(
        environment: ["HOME": "/root"], iteration: 3, virtualUser: 7, now: { 1_700_000_000.9 },
        readFile: { path in
            guard path == "body.txt" else { throw Missing() }
            return Array("from a file".utf8)
        })

    private struct Missing: Error, CustomStringConvertible {
        let description = "no such file"
    }

    private static let scope = Scope(
        variables: [
            "n": 42, "name": "Ada", "flag": true, "nothing": .null, "list": [1, ["deep": "x"]],
            "user": ["name": "Grace"],
        ],
        context: context)

    static func render(_ text: String) throws -> JSON { try TemplateParser.parse(text).render(scope) }

    @Test(
        "a lone expression keeps its type, and one within text becomes text",
        arguments: [
            ("plain", "plain"), ("", ""), ("{{n}}", 42), ("{{ n }}", 42), ("{{flag}}", true), ("{{nothing}}", .null),
            ("{{true}}", true), ("{{false}}", false), ("{{null}}", .null), ("{{ true }}!", "true!"),
            ("{{\t\r\nn\t}}", 42),
            ("n={{n}}", "n=42"), ("{{name}} {{n}}", "Ada 42"), ("{{user}}", ["name": "Grace"]),
            ("{{user.name}}", "Grace"), ("{{list[0]}}", 1), ("{{list[1].deep}}", "x"),
            ("<{{list}}>", "<[1,{\"deep\":\"x\"}]>"),
            ("{{'it''s'}}", nil), ("{{'a \\' b'}}", "a ' b"), ("{{'{{'}}", "{{"), ("{{-1.5}}", -1.5),
            ("{ {n} }", "{ {n} }"),
        ] as [(String, JSON?)])
    func keepsTypes(_ text: String, _ expected: JSON?) throws {
        guard let expected else {
            #expect(throws: TemplateParser.Fault.self) { try Self.render(text) }
            return
        }
        #expect(try Self.render(text) == expected)
    }

    @Test(
        "functions return their documented values",
        arguments: [
            ("{{base64('héllo')}}", "aMOpbGxv"),  // RFC 4648 section 4, by hand
            ("{{base64url('??>>')}}", "Pz8-Pg"),
            ("{{urlEncode('a b&ü/~')}}", "a%20b%26%C3%BC%2F~"),
            ("{{sha256('abc')}}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),  // FIPS 180-4
            // RFC 4231, test case 2
            (
                "{{hmacSha256('what do ya want for nothing?', 'Jefe')}}",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            ("{{now()}}", 1_700_000_000), ("{{now(60)}}", 1_700_000_060), ("{{now(-60)}}", 1_699_999_940),
            ("{{now(0, 'iso')}}", "2023-11-14T22:13:20Z"), ("{{iteration()}}", 3), ("{{virtualUser()}}", 7),
            ("{{env('HOME')}}", "/root"), ("{{env('NOPE', 'else')}}", "else"), ("{{file('body.txt')}}", "from a file"),
            ("{{randomInt(5, 5)}}", 5),
            ("{{pick(list, 1)}}", 1), ("{{pick(list, 4)}}", ["deep": "x"]), ("{{pick(list, 0)}}", ["deep": "x"]),
            ("{{pick(list, -1)}}", 1), ("{{pick(list, 9223372036854775807)}}", 1),
            ("{{pick(list, -9223372036854775808)}}", ["deep": "x"]),
            ("{{now(9223372035154775807)}}", .number(JSONNumber(Int.max))),
            ("{{now(-1700000000, 'iso')}}", "1970-01-01T00:00:00Z"),
            ("{{randomString(0)}}", ""), ("{{base64(base64('a'))}}", "WVE9PQ=="),
        ] as [(String, JSON)])
    func functions(_ text: String, _ expected: JSON) throws {
        #expect(try Self.render(text) == expected)
    }

    @Test("a token is signed as in RFC 7515, appendix A.1")
    func signsTokens() throws {
        var scope = Self.scope
        scope.variables["header"] = ["alg": "HS256", "typ": "JWT"]
        scope.variables["claims"] = ["sub": "admin"]
        let text = try TemplateParser.parse("{{jwt(header, claims, 'secret')}}").text(scope)
        // Computed with: printf '%s' INPUT | openssl dgst -sha256 -hmac secret -binary | basenc --base64url
        let input = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZG1pbiJ9"
        #expect(
            text == "\(input).\(Encoding.base64url(Digest.hmac(Array(input.utf8), key: Array("secret".utf8), .sha256)))"
        )
        scope.variables["header"] = ["alg": "nOnE"]
        #expect(try TemplateParser.parse("{{jwt(header, claims, 'secret')}}").text(scope).hasSuffix("."))
    }

    @Test("each counter counts on its own")
    func counts() throws {
        let template = try TemplateParser.parse("{{counter()}}{{counter('a')}}{{counter()}}{{counter('a')}}")
        let context = TemplateContext(now: { 0 }, readFile: { _ in [] })
        #expect(try template.text(Scope(context: context)) == "1122")
    }

    @Test("function calls may be nested 31 deep")
    func nestingLimit() throws {
        func text(_ depth: Int) -> String {
            "{{" + String(repeating: "base64(", count: depth) + "1" + String(repeating: ")", count: depth) + "}}"
        }
        #expect(throws: Never.self) { try TemplateParser.parse(text(31)) }
        #expect(throws: TemplateParser.Fault.self) { try TemplateParser.parse(text(32)) }
    }

    @Test("random values differ and have the right form")
    func random() throws {
        #expect(try Self.render("{{uuid()}}") != Self.render("{{uuid()}}"))
        #expect(MatcherOperator.uuid.recognises(try Self.render("{{uuid()}}").templateText))
        #expect(try Self.render("{{randomString(40)}}").templateText.count == 40)
    }

    @Test(
        "a syntax error has a message and a place",
        arguments: [
            ("{{", "{{ is not closed by }}", 0..<2), ("a {{ n", "{{ is not closed by }}", 2..<4),
            ("{{}}", "expected an expression between {{ and }}", 0..<4), ("{{n n}}", "expected }} here", 4..<5),
            ("{{uid()}}", "unknown function uid()", 2..<5),
            ("{{randomInt(1)}}", "randomInt() was given 1 argument", 2..<11),
            ("{{'open}}", "the string is not closed by '", 2..<3),
            ("{{a.}}", "expected a member name after the dot", 3..<4),
            ("{{a[x]}}", "expected an index such as [0]", 3..<4),
            ("{{%}}", "expected a variable, a function, a number or a 'string'", 2..<3),
            ("{{01}}", "this is not a valid JSON number", 2..<4),
        ])
    func faults(_ text: String, _ message: String, _ range: Range<Int>) {
        let fault = #expect(throws: TemplateParser.Fault.self) { try TemplateParser.parse(text) }
        #expect(fault?.message == message)
        #expect(fault?.range == range)
    }

    @Test(
        "an expression that cannot be evaluated gives a reason",
        arguments: [
            ("{{unknown}}", "the variable \"unknown\" has no value"), ("{{user.age}}", "there is no \"age\" in user"),
            ("{{user.name.x}}", "there is no \"x\" in user.name, a string"),
            ("{{list[1].deep[0]}}", "there is no \"[0]\" in list[1].deep, a string"),
            ("{{n.x}}", "there is no \"x\" in n, a number"), ("{{list[9]}}", "there is no \"[9]\" in list"),
            ("{{env('NOPE')}}", "env(): the environment variable NOPE is not set"),
            ("{{file('gone')}}", "gone cannot be read: no such file"),
            ("{{randomInt(2, 1)}}", "randomInt(): the lowest, 2, is above the highest, 1"),
            ("{{randomInt('a', 1)}}", "randomInt(): argument 1 must be a whole number, not \"a\""),
            ("{{now(9223372036854775807)}}", "now(): an offset of 9223372036854775807 seconds is too large"),
            (
                "{{now(300000000000, 'iso')}}",
                "now(): an offset of 300000000000 seconds is outside the years 0000 to 9999"
            ),
            (
                "{{now(-9223372036854775808, 'iso')}}",
                "now(): an offset of -9223372036854775808 seconds is outside the years 0000 to 9999"
            ),
        ])
    func errors(_ text: String, _ description: String) throws {
        let template = try TemplateParser.parse(text)
        let error = #expect(throws: TemplateError.self) { try template.render(Self.scope) }
        #expect(error?.description == description)
    }

    @Test(
        "dates are Gregorian, from the year 0000 to 9999",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"), (-62_162_035_200, "0000-03-01T00:00:00Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-12_219_292_801, "1582-10-14T23:59:59Z"), (-62_167_219_201, nil), (253_402_300_800, nil),
        ] as [(Int, String?)])
    func dates(_ seconds: Int, _ expected: String?) {
        #expect(InternetDate.text(secondsSince1970: seconds) == expected)
    }

    @Test("an HMAC key longer than a block is equivalent to its digest")
    func longKeys() {
        let key = [UInt8](repeating: 7, count: 2 << 20)
        let digest = Digest.sha256(key)
        #expect(Digest.hmac([1, 2], key: key, .sha256) == Digest.hmac([1, 2], key: digest, .sha256))
    }

    @Test("the nesting of function calls is limited")
    func nesting() {
        let text = "{{" + String(repeating: "base64(", count: 100_000) + "}}"
        #expect(throws: TemplateParser.Fault.self) { try TemplateParser.parse(text) }
    }
}
