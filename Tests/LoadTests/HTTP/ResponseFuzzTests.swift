import Scenario
import Testing

@testable import Load

/// Random and mutated responses go through all code that handles responses. None may crash the process.
///
/// `fuzz response` does the same for as long as it is asked to.
@Suite(.timeLimit(.minutes(2)))
struct ResponseFuzzTests {
    private static let corpus = [
        "HTTP/1.1 200 OK\r\nContent-Length: 19\r\nContent-Type: application/json\r\n\r\n{\"source\":\"cache\",1}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n[1,{\"a\":[]}]",
        "HTTP/1.1 204 No\r\nSet-Cookie: a=b; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Secure\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie: __Host-a=\"b\"; Max-Age=10; Domain=.127.0.0.1\r\nX-F: a\r\n\tb\r\n\r\n\"eyJ9.e30.\"",
    ]
    private static let tokens = [
        "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", ",", ";", "=", "\"", "\u{0}", "é", "0", "-", "ffffffff",
        "7fffffffffffffff", "ffffffffffffffff", "9223372036854775807", "18446744073709551615", "18446744073709551616",
        "HTTP/1.1 ", "HTTP/1.0 999 ", "Content-Length: ", "Content-Length: 9223372036854775807\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Set-Cookie: ", "; Expires=", "; Max-Age=",
        "; Path=",
        "; Domain=", "Max-Age=-1", "Expires=31 Feb 9999 23:59:60", "Expires=Wed, 00 Jan 1601 00:00:00 GMT",
        "99999999999999999999", "1e400", "{\"a\":", "[", "]", "}", "\\u", "null",
    ]

    private static let scenario = #"""
        { "name": "any", "variables": { "n": 3 },
          "steps": [{ "id": "s", "request": { "url": "/" },
            "expect": { "status": "2xx", "headers": { "Retry-After": { "number": { "gt": 0 } }, "X-F": "a b" },
                        "cookies": { "a": { "minLength": 1 } }, "body": { "jwt": true },
                        "json": { "$.a": { "each": { "gt": "{{n}}" } }, "$..x": { "includes": [1] } } },
            "capture": { "c": { "json": "$.a" }, "d": { "cookie": "a", "secret": true } } }],
          "load": { "classes": { "hit": { "json": { "$.source": "cache" } }, "limited": { "status": 429 } } } }
        """#

    @Test(
        "random and mutated responses are judged or are errors, and nothing traps", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        let scenario = try ScenarioReader.read(SourceFile(path: "any", bytes: Array(Self.scenario.utf8)))
        let judge = ScenarioJudge(
            scenario, sources: TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] }),
            variables: ["n": 3])
        let request = try #require(scenario.steps.first?.requests.first)
        let interest = HeaderInterest(
            request.expectation.headerNames + request.captures.compactMap(\.query.headerName))
        var looker = Looker(judge: judge, interest: interest, assertions: judge.assertionCount(ofStep: 0))
        var random = SplitMix64(seed: seed)
        for _ in 0..<6_000 { try looker.look(at: Self.response(&random)) }
        #expect(looker.complete > 500, "many responses are complete")
    }

    private static func response(_ random: inout SplitMix64) -> [UInt8] {
        if Int.random(in: 0..<20, using: &random) == 0 {
            return (0..<Int.random(in: 0...400, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        }
        var bytes = Array(corpus.randomElement(using: &random)!.utf8)
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.insert(.random(in: 0...255, using: &random), at: place)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &random)))
            case 2: bytes.insert(contentsOf: bytes[(place / 2)..<place], at: place)
            default: bytes.insert(contentsOf: tokens.randomElement(using: &random)!.utf8, at: place)
            }
        }
        return bytes
    }

    /// Handles a response as a thread of the load does.
    private struct Looker: ~Copyable {
        let judge: ScenarioJudge
        let interest: HeaderInterest
        let assertions: Int
        var heads = HeadMemo()
        var memo = VerdictMemo(steps: 1, capacity: 64, byteLimit: 64 << 10)
        var jar = CookieJar()
        var complete = 0

        private static let scope = CookieScope(
            of: Array("GET /a/b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8), overTLS: true)

        init(judge: ScenarioJudge, interest: HeaderInterest, assertions: Int) {
            self.judge = judge
            self.interest = interest
            self.assertions = assertions
        }

        mutating func look(at bytes: [UInt8]) throws {
            var limits = ResponseParser.Limits()
            limits.body = 1 << 20
            var parser = ResponseParser(limits: limits)
            let length: Int
            do throws(ResponseError) {
                try parser.advanceHead(over: bytes.span.bytes)
                if parser.hasHead { remember(parser, bytes) }
                switch try parser.advance(over: bytes.span.bytes) {
                case .complete(let count): length = count
                case .needsMore:
                    guard case .complete(let count) = try parser.finish(length: bytes.count) else { return }
                    length = count
                }
            } catch {
                #expect(!error.description.isEmpty)
                return
            }
            complete += 1
            try examine(parser, bytes, length)
        }

        private mutating func remember(_ parser: ResponseParser, _ bytes: [UInt8]) {
            let names = interest.names
            bytes.withUnsafeBytes { bytes in
                names.withUnsafeBytes { names in
                    guard let entry = heads.remember(step: 0, parser: parser, in: bytes, interest: names) else {
                        return
                    }
                    #expect(heads.find(step: 0, in: bytes) == entry)
                    #expect(heads.parser(entry).bodyStart == parser.bodyStart)
                }
            }
        }

        private mutating func examine(_ parser: ResponseParser, _ bytes: [UInt8], _ length: Int) throws {
            let response = ReceivedResponse(parser, bytes: bytes.span.bytes, length: length)
            #expect(response.body().count <= length)
            let iteration = UserIteration(user: 0, number: 0)
            var captured: UserVariables.Values = [:]
            let verdict = judge.judge(response, step: 0, iteration: iteration, captured: &captured)
            for assertion in 0..<assertions where verdict.failures >> UInt64(assertion) & 1 == 1 {
                #expect(!judge.explain(response, step: 0, iteration: iteration, assertion: assertion).isEmpty)
            }
            bytes.withUnsafeBytes { bytes in
                let body = UnsafeRawBufferPointer(rebasing: bytes[parser.bodyStart..<length])
                let head = UnsafeRawBufferPointer(rebasing: bytes[parser.headStart..<parser.bodyStart])
                let key = VerdictMemo.Key(step: 0, status: parser.statusAndVersion, headers: head, body: body)
                for _ in 0..<2 { memo.remember(Int32(length), for: key, captures: captured) }
                if let entry = memo.entry(for: key) {
                    #expect(memo.value(entry) == length && memo.captures(entry) == captured)
                }
            }
            #expect(memo.bytesHeld <= 64 << 10)
            let fields = response.fields().filter { $0.name.lowercased() == "set-cookie" }
            jar.take(fields.map { Array($0.value.utf8)[...] }, from: Self.scope, now: 1_700_000_000)
            #expect(jar.pairs(for: Self.scope).allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        }
    }
}
