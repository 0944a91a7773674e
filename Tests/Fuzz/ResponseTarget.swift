import Load
import Scenario

/// Fuzzes load's handling of a response: parsing it in pieces, every kind of check, and cookies.
struct ResponseTarget: FuzzTarget {
    let corpus = [
        "HTTP/1.1 200 OK\r\nContent-Length: 17\r\nContent-Type: application/json\r\n\r\n{\"a\":[1,\"x\",null]}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nuntil the end",
        "HTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Secure\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nSet-Cookie: __Host-a=\"b\"; Max-Age=10; Domain=127.0.0.1\r\nX-F: a\r\n\tb\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 31\r\nWWW-Authenticate: Bearer\r\n\r\n"
            + "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbg",
        "HTTP/1.1 200\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Length: 2, 2\n\n{}",
    ]
    let tokens = [
        "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", ",", ";", "=", "\"", "\u{0}", "é", "0", "-", "9", "ffffffff",
        "7fffffffffffffff", "ffffffffffffffff", "9223372036854775807", "18446744073709551615", "18446744073709551616",
        "HTTP/1.1 ", "HTTP/1.0 999 ", "HTTP/2 200", "Content-Length: ", "Content-Length: 9223372036854775807\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Set-Cookie: ", "; Expires=", "; Max-Age=",
        "; Path=",
        "; Domain=", "Max-Age=-1", "Expires=31 Feb 9999 23:59:60", "Expires=Wed, 00 Jan 1601 00:00:00 GMT",
        "99999999999999999999", "1e400", "{\"a\":", "[", "]", "{", "}", "\\u", "null", "1.5", "\"a\":",
    ]
    let maximumLength = 32_768
    var allowance: Duration { .milliseconds(200) }

    private let judge: ScenarioJudge
    private let conditions: Int

    init() {
        let text = #"""
            { "name": "fuzz", "variables": { "s": { "value": "secret", "secret": true }, "n": 3 },
              "steps": [{ "id": "s", "request": { "url": "/", "basic": { "username": "u", "password": "{{s}}" } },
                "expect": {
                  "status": { "in": ["2xx", 429] }, "httpVersion": "1.1", "time": { "lt": "1s" }, "bytes": { "lt": 99 },
                  "headers": { "Retry-After": { "number": { "gt": 0 } }, "Date": { "isoDate": true } },
                  "cookies": { "a": { "minLength": 1 } },
                  "body": { "matches": "^(a|b)*[^c]+$", "jwt": { "header": { "$.alg": "HS256" } } },
                  "json": { "$.a": { "each": { "gt": "{{n}}" }, "length": 2 }, "$..x": { "includes": [1] },
                            "$.a[?@ > 1]": { "exists": true } } },
                "capture": { "c": { "json": "$.a" }, "d": { "header": "Date" }, "e": { "cookie": "a", "secret": true } } }],
              "load": { "classes": { "hit": { "json": { "$.source": "cache" } }, "limited": { "status": 429 } } } }
            """#
        let file = SourceFile(path: "fuzz", bytes: Array(text.utf8))
        guard let scenario = try? ScenarioReader.read(file) else { preconditionFailure("this scenario is valid") }
        judge = ScenarioJudge(
            scenario, sources: TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] }),
            variables: ["s": "secret", "n": 3])
        conditions = judge.assertionCount(ofStep: 0)
    }

    func check(_ text: [UInt8]) throws -> Bool {
        var isValid = false
        for isBodiless in [false, true] {
            let whole = parse(text, cuts: [], isBodiless: isBodiless)
            for cut in [1, text.count / 3, text.count / 2, text.count - 1] where (0..<text.count).contains(cut) {
                let parts = parse(text, cuts: [cut], isBodiless: isBodiless)
                try require(parts == whole, "cut at \(cut): \(parts), whole: \(whole)")
            }
            guard case .success(let parsed) = whole, let parsed else { continue }
            isValid = true
            try require(parsed.length <= text.count, "the response is longer than the input")
            try examine(text, parsed)
        }
        return isValid
    }

    /// A complete response, as parsed.
    private struct Parsed: Equatable {
        var length: Int
        var parser: ResponseParser

        static func == (left: Parsed, right: Parsed) -> Bool {
            left.length == right.length && left.parser.status == right.parser.status
                && left.parser.bodyStart == right.parser.bodyStart && left.parser.framing == right.parser.framing
                && left.parser.keepsAlive == right.parser.keepsAlive
        }
    }

    /// - Returns: nil if the response is incomplete.
    private func parse(_ text: [UInt8], cuts: [Int], isBodiless: Bool) -> Result<Parsed?, ResponseError> {
        var limits = ResponseParser.Limits()
        limits.body = 1 << 20
        var parser = ResponseParser(isBodiless: isBodiless, limits: limits)
        do throws(ResponseError) {
            for cut in cuts + [text.count] {
                if case .complete(let length) = try parser.advance(over: text.span.bytes.extracting(first: cut)) {
                    return .success(Parsed(length: length, parser: parser))
                }
            }
            if case .complete(let length) = try parser.finish(length: text.count) {
                return .success(Parsed(length: length, parser: parser))
            }
            return .success(nil)
        } catch {
            return .failure(error)
        }
    }

    private func examine(_ text: [UInt8], _ parsed: Parsed) throws {
        let response = ReceivedResponse(parsed.parser, bytes: text.span.bytes, length: parsed.length, serviceTime: 7)
        try require((100...999).contains(response.status), "status \(response.status)")
        try require(response.body().count <= parsed.length, "the body is longer than the response")
        var captured: UserVariables.Values = [:]
        let iteration = UserIteration(user: 0, number: 0)
        let verdict = judge.judge(response, step: 0, iteration: iteration, captured: &captured)
        try require(verdict.failures >> UInt64(conditions) == 0, "an unknown assertion fails")
        for assertion in 0..<conditions where verdict.failures >> UInt64(assertion) & 1 == 1 {
            let words = judge.explain(response, step: 0, iteration: iteration, assertion: assertion)
            try require(!words.isEmpty, "assertion \(assertion) fails without a message")
            try require(!words.contains("secret"), "a secret is shown: \(words)")
        }
        let request = Array("GET /a/b?c HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n".utf8)
        let scope = CookieScope(of: request, overTLS: text.count % 2 == 0)
        var jar = CookieJar()
        let fields = response.fields().filter { $0.name.lowercased() == "set-cookie" }.map { Array($0.value.utf8)[...] }
        for now in [0, 1_700_000_000.5, 1e300] {
            jar.take(fields, from: scope, now: now)
            jar.expire(now: now)
            let pairs = jar.pairs(for: scope)
            try require(pairs.count <= 8190, "a request has \(pairs.count) bytes of cookies")
            try require(!pairs.contains { $0 < 0x20 || $0 == 0x7F }, "a cookie contains a control character")
        }
    }
}
