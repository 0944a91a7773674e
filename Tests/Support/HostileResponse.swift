import Scenario

/// Responses that could break a careless parser.
package enum HostileResponse {
    /// Seed bodies: numbers at their limits, unusual text, deep and wide values.
    package static let bodies =
        [
            #"{"n":[0,-0,0.0,1e400,-1e400,1e-400,1.7976931348623157e308,5e-324,9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809,1e99999999999999999999],"s":"x"}"#,
            #"{"n":0,"s":"NaN","t":"Infinity","u":"1e400","l":[]}"#, #"{"n":-9223372036854775808,"l":["a"]}"#,
            #"{"n":9223372036854775807,"l":[1,2],"a":{"b":[{"c":null}]}}"#, #"{"n":1e308,"s":"2020-02-30T23:59:60Z"}"#,
            #"{"n":1048576,"s":"::ffff:1.2.3.256","l":[[],[[]],{}]}"#, #"{"n":"9223372036854775807","s":"\ud800"}"#,
            #"[1,2,3]"#, "null", "-0", "1e400", "\"\"", "[]", "{}", "", "{", "NaN", "\u{FEFF}{}",
            #"{"s":"eyJhbGciOiJub25lIn0.eyJzdWIiOjFlNDAwLCJleHAiOi05MjIzMzcyMDM2ODU0Nzc1ODA4fQ."}"#,
            #"{"s":"550e8400-e29b-41d4-a716-446655440000","n":1,"n":2}"#, #"{"s":"http://[::1]:99999/\u0000"}"#,
        ] + [String(repeating: "[", count: 512) + String(repeating: "]", count: 512)]

    package static let tokens = [
        "1e400", "-1e400", "-0", "9223372036854775808", "-9223372036854775808", "1e-400", "0.1", "null", "true", "\"\"",
        "[", "]", "{", "}", ",", ":", "\"n\":", "\"s\":", "\"l\":", "[[[[", "\\u0000", "\\ud800", "\u{0}", "\r\n", "é",
        "e\u{301}", "😀", "{\"n\":[", "99999999999999999999999999",
    ]

    /// - Parameter body: used whole or in part.
    package static func random(body: [UInt8], using random: inout some RandomNumberGenerator) -> Response {
        var response = Response(status: statuses.randomElement(using: &random) ?? 200)
        response.httpVersion = ["1.0", "1.1", "2", "3"].randomElement(using: &random) ?? "1.1"
        response.headers = (0..<Int.random(in: 0...4, using: &random)).map { _ in header(using: &random) }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: response.body = Array((bodies.randomElement(using: &random) ?? "").utf8)
        case 1: response.body = Array(body.prefix(Int.random(in: 0...body.count, using: &random)))
        case 2: response.body = (0..<64).map { _ in .random(in: 0...255, using: &random) }
        case 3:
            let element = ["0", "1e400", "\"x\"", "{}", "[1]"].randomElement(using: &random) ?? "0"
            let count = Int.random(in: 0...2_000, using: &random)
            response.body = Array("{\"n\":[\([String](repeating: element, count: count).joined(separator: ","))]}".utf8)
        default: response.body = body
        }
        response.times = Response.Times(total: duration(using: &random))
        response.times.nameLookup = duration(using: &random)
        response.times.connect = duration(using: &random)
        response.times.tls = duration(using: &random)
        response.times.firstByte = duration(using: &random)
        return response
    }

    /// A duration from zero to beyond the range of a clock.
    package static func duration(using random: inout some RandomNumberGenerator) -> Duration {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .zero
        case 1: .microseconds(Int64.max)
        case 2: .microseconds(-1)
        default: .microseconds(Int64.random(in: 0...10_000_000, using: &random))
        }
    }

    private static let statuses = [0, 100, 200, 200, 204, 301, 401, 404, 429, 500, 599, 999]

    private static func header(using random: inout some RandomNumberGenerator) -> Header {
        let names = ["X-N", "x-n", "Set-Cookie", "Content-Type", "Content-Length", "", "É"]
        let values = [
            "", "0", "-0", "1e400", "-9223372036854775808", "9223372036854775808", "NaN", "inf", "0x10", " 1 ", "1,2",
            "a=b; Path=/", "a=", "a", "=", "a=\u{301}b", "c=1e400", "\u{FFFD}", String(repeating: "9", count: 400),
        ]
        return Header(names.randomElement(using: &random) ?? "", values.randomElement(using: &random) ?? "")
    }
}
