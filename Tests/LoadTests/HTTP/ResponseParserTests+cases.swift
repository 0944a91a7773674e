@testable import Load

extension ResponseParserTests {
    static let wellFormed: [ParserCase] = [
        ParserCase(
            "content-length", "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\n\r\nhello",
            is: .response(200, "hello", length: 54)),
        ParserCase(
            "names in any case, with any blanks",
            "HTTP/1.1 200 OK\r\nCONTENT-LENGTH:\t 2 \r\nConNection: CLOSE\r\n\r\nok",
            is: .response(200, "ok", length: 61, keepsAlive: false)),
        ParserCase(
            "bare LF ends a line", "HTTP/1.1 200 OK\ncontent-length: 2\n\nok", is: .response(200, "ok", length: 37)),
        ParserCase(
            "no reason, no space", "HTTP/1.1 404\r\ncontent-length: 0\r\n\r\n", is: .response(404, "", length: 35)),
        ParserCase(
            "the same length twice", "HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\ncontent-length: 2\r\n\r\nok",
            is: .response(200, "ok", length: 62)),
        ParserCase(
            "204 has no body", "HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n",
            is: .response(204, "", length: 46)),
        ParserCase(
            "304 has no body", "HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n",
            is: .response(304, "", length: 57)),
        ParserCase(
            "a response to HEAD has no body", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", isBodiless: true,
            is: .response(200, "", length: 38)),
        ParserCase(
            "interim responses are skipped",
            "HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
                + "HTTP/1.1 201 Created\r\ncontent-length: 1\r\n\r\n!",
            is: .response(201, "!", length: 125)),
        ParserCase(
            "chunked",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nB;x=y\r\n wide world\r\n0\r\n\r\n",
            is: .response(200, "hello wide world", length: 82)),
        ParserCase(
            "chunked with trailers",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n000\r\nDigest: 1\r\nMore: 2\r\n\r\n",
            is: .response(200, "abc", length: 88)),
        ParserCase(
            "chunked overrides a length and ends the connection",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            is: .response(200, "ok", length: 78, keepsAlive: false)),
        ParserCase(
            "HTTP/1.0 closes", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
            is: .response(200, "ok", length: 40, keepsAlive: false)),
        ParserCase(
            "HTTP/1.0 keeps alive when it says so",
            "HTTP/1.0 200 OK\r\ncontent-length: 2\r\nconnection: foo, keep-alive\r\n\r\nok",
            is: .response(200, "ok", length: 69)),
        ParserCase(
            "body until close", "HTTP/1.1 200 OK\r\nserver: old\r\n\r\nall of it", ends: true,
            is: .response(200, "all of it", length: 41, keepsAlive: false)),
        ParserCase(
            "an unknown coding lasts until close", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nzzz",
            ends: true,
            is: .response(200, "zzz", length: 47, keepsAlive: false)),
        ParserCase(
            "a folded line of another field", "HTTP/1.1 200 OK\r\nx: a\r\n  b\r\ncontent-length: 1\r\n\r\n!",
            is: .response(200, "!", length: 50)),
    ]

    static let broken: [ParserCase] = [
        ParserCase(
            "a bare CR in a name", "HTTP/1.1 200 OK\r\nContent-Lengt\rh: 5\r\n\r\nhello",
            is: .malformed(.bareCarriageReturn)),
        ParserCase(
            "a bare CR in a trailer", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nA\rb: 1\r\n\r\n",
            is: .malformed(.bareCarriageReturn)),
        ParserCase("garbage", "hello there, this is no HTTP\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("garbage without an end", "SSH-2.0-OpenSSH_9.2", is: .malformed(.statusLine)),
        ParserCase("an empty first line", "\r\nHTTP/1.1 200 OK\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("HTTP/2 in text", "HTTP/2.0 200 OK\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("a status below 100", "HTTP/1.1 099 OK\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("a status of letters", "HTTP/1.1 abc OK\r\n\r\n", is: .malformed(.statusLine)),
        ParserCase("an unexpected 101", "HTTP/1.1 101 Switching\r\n\r\n", is: .malformed(.upgrade)),
        ParserCase("no colon", "HTTP/1.1 200 OK\r\nserver\r\n\r\n", is: .malformed(.headerLine)),
        ParserCase("no name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", is: .malformed(.headerLine)),
        ParserCase("a blank before the colon", "HTTP/1.1 200 OK\r\nserver : x\r\n\r\n", is: .malformed(.headerLine)),
        ParserCase("a folded first line", "HTTP/1.1 200 OK\r\n x: y\r\n\r\n", is: .malformed(.headerLine)),
        ParserCase(
            "a folded length", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n 2\r\n\r\n", is: .malformed(.headerLine)),
        ParserCase("NUL", "HTTP/1.1 200 OK\r\nx: a\u{0}b\r\ncontent-length: 0\r\n\r\n", is: .malformed(.nulByte)),
        ParserCase(
            "a negative length", "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", is: .malformed(.contentLength)),
        ParserCase("an empty length", "HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\n", is: .malformed(.contentLength)),
        ParserCase(
            "a hexadecimal length", "HTTP/1.1 200 OK\r\ncontent-length: 1f\r\n\r\n", is: .malformed(.contentLength)),
        ParserCase(
            "two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
            is: .malformed(.conflictingLengths)),
        ParserCase(
            "two lengths in one line", "HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\nxx",
            is: .malformed(.conflictingLengths)),
        ParserCase(
            "a length past any integer", "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
            is: .failure(.bodyTooLarge(limit: 64 << 20))),
        ParserCase(
            "a length past the limit", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", limits: .small(body: 4),
            is: .failure(.bodyTooLarge(limit: 4))),
        ParserCase(
            "body until close past the limit", "HTTP/1.1 200 OK\r\n\r\nhello", limits: .small(body: 4),
            is: .failure(.bodyTooLarge(limit: 4))),
        ParserCase(
            "an endless head", "HTTP/1.1 200 OK\r\nx: \(String(repeating: "y", count: 60))", limits: .small(head: 50),
            is: .failure(.headTooLarge(limit: 50))),
        ParserCase(
            "a head past the limit", "HTTP/1.1 200 OK\r\nx: \(String(repeating: "y", count: 60))\r\n\r\n",
            limits: .small(head: 50), is: .failure(.headTooLarge(limit: 50))),
        ParserCase("an empty chunk size", chunked("\r\nhello\r\n"), is: .malformed(.chunkSize)),
        ParserCase("a chunk size of letters", chunked("xyz\r\n"), is: .malformed(.chunkSize)),
        ParserCase("a signed chunk size", chunked("-5\r\nhello\r\n"), is: .malformed(.chunkSize)),
        ParserCase("a chunk longer than its size", chunked("2\r\nhello\r\n0\r\n\r\n"), is: .malformed(.chunkEnd)),
        ParserCase(
            "a chunk past any integer", chunked("fffffffffffffffff\r\n"), is: .failure(.bodyTooLarge(limit: 64 << 20))),
        ParserCase("an invalid trailer", chunked("0\r\nnonsense\r\n\r\n"), is: .malformed(.trailer)),
        ParserCase(
            "an endless size line", chunked("1;" + String(repeating: "x", count: 4200)), is: .malformed(.chunkSize)),
        ParserCase(
            "truncated in the body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", ends: true,
            is: .failure(.truncated(received: 42))),
        ParserCase("closed without a byte", "", ends: true, is: .failure(.truncated(received: 0))),
        ParserCase("incomplete", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", is: nil),
    ]

    private static func chunked(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + body
    }
}

extension ResponseParser.Limits {
    fileprivate static func small(head: Int = 64 * 1024, body: Int = 64 << 20) -> Self {
        var limits = Self()
        limits.head = head
        limits.body = body
        return limits
    }
}
