import NIOCore
import Testing

@testable import TodoServer

/// Malformed or ambiguous requests. The connection is closed, because a proxy may see the end of the request elsewhere.
@Suite(.timeLimit(.minutes(1))) struct MalformedRequestTests {
    private static let post = "POST /login HTTP/1.1\r\nHost: a\r\n"
    private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"
    private static let get = "GET /health HTTP/1.1\r\nHost: a\r\n"

    @Test(
        "a malformed request is rejected with 400 and the connection is closed",
        arguments: [
            // Both kinds of length, several lengths, or one that is not a number.
            post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", post + "Content-Length: 5, 5\r\n\r\nhello",
            post + "Content-Length: -1\r\n\r\n", post + "Content-Length: +5\r\n\r\nhello",
            post + "Content-Length: 0x5\r\n\r\nhello", post + "Content-Length: 5 5\r\n\r\nhello",
            post + "Content-Length: \r\n\r\n", post + "Content-Length: 18446744073709551616\r\n\r\n",
            // Codings other than chunked, or obfuscated forms of chunked.
            post + "Transfer-Encoding: identity\r\n\r\n", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", post + "Transfer-Encoding: \"chunked\"\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n", post + "Transfer-Encoding:\r\n chunked\r\n\r\n",
            "POST /login HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            // Malformed chunks.
            chunked + "+3\r\nabc\r\n0\r\n\r\n", chunked + "0\r\nX: y\n\r\n",
            chunked + "zz\r\nabc\r\n", chunked + "-1\r\nabc\r\n", chunked + "0x3\r\nabc\r\n", chunked + "3 \r\nabc\r\n",
            chunked + "10000000000000003\r\nabc\r\n", chunked + "3\r\nabcX\r\n0\r\n\r\n", chunked + "3\nabc\n0\n\n",
            chunked + "3\r\nabc\n0\r\n\r\n", chunked + "3;a=b\nabc\r\n0\r\n\r\n", chunked + "3;a\u{0}\r\nabc\r\n",
            chunked + "3;a\rb\r\nabc\r\n0\r\n\r\n", chunked + "3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n",
            // Lines that do not end in CRLF, and NULs.
            "GET /health HTTP/1.1\nHost: a\n\n", "GET /health HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", get + "X: a\rb\r\n\r\n", get + "\n",
            get + "X: a\u{0}b\r\n\r\n", get + "X\u{0}: b\r\n\r\n", "GET /hea\u{0}lth HTTP/1.1\r\nHost: a\r\n\r\n",
            // Malformed fields.
            get + "X: a\r\n b\r\n\r\n", get + "X: a\r\n\tb\r\n\r\n", "GET /health HTTP/1.1\r\n X: a\r\nHost: a\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost : a\r\n\r\n", "GET /health HTTP/1.1\r\nHost\t: a\r\n\r\n",
            post + "Content-Length : 3\r\n\r\nabc", get + ": b\r\n\r\n", get + "X\r\n\r\n", get + "Xé: b\r\n\r\n",
            // Missing, repeated or invalid hosts.
            "GET /health HTTP/1.1\r\n\r\n", get + "Host: b\r\n\r\n", get + "Host: a\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a/b\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: a@b\r\n\r\n",
            // Malformed request lines.
            "GET\r\n\r\n", "GET /health\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
            "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
            "GET / http/1.1\r\nHost: a\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /hea lth HTTP/1.1\r\nHost: a\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
        ])
    func isRefusedAndClosed(_ text: String) async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(text + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(response.headers["cache-control"] == "private, no-store")
            #expect(await client.isClosed())
            let next = try await RawClient.connect(to: server)
            #expect(try await next.get("/health").status == 200)
        }
    }

    /// Both requests are well formed but not supported.
    @Test(
        "an unsupported coding is 501, and a body length over the limit is 413",
        arguments: [
            (post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
            (post + "Content-Length: 9223372036854775808\r\n\r\n", 413),
        ])
    func isRefusedForWhatItAsks(_ text: String, status: Int) async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(text + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().status == status)
            #expect(await client.isClosed())
        }
    }

    /// The parser stops after these requests, so the response must announce that the connection closes.
    @Test(
        "the connection is closed after Upgrade or CONNECT",
        arguments: [
            (get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n", 200),
            ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        ])
    func closesWhereAnotherProtocolWasOffered(_ text: String, status: Int) async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(text)
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response.headers["connection"] == "close")
            #expect(await client.isClosed())
        }
    }
}
