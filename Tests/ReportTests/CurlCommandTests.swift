import Scenario
import Testing

@testable import Report
@testable import ScenarioRunner

struct CurlCommandTests {
    private static func command(
        _ request: Request = Request(target: "/a"), url: String = "http://host/a",
        _ change: (inout Exchange) -> Void = { _ in }
    ) -> String {
        var exchange = Exchange(
            request: request, url: url, result: .failure(TransportError(.other, "not sent")), start: .now,
            duration: .zero)
        change(&exchange)
        return CurlCommand.render(exchange)
    }

    @Test("a simple request has a short command")
    func short() {
        #expect(Self.command() == "curl -sS -i http://host/a")
    }

    @Test("request options that are not curl's defaults are part of the command")
    func requestOptions() {
        var request = Request(target: "/a")
        request.options.redirects = 3
        request.options.isCompressed = true
        request.options.timeout = .milliseconds(2500)
        #expect(
            Self.command(request) == "curl -sS -i -L --max-redirs 3 --compressed --max-time 2.5 http://host/a")
        var put = Request(method: "PUT", target: "/a", body: [])
        put.options.redirects = 1
        #expect(
            Self.command(put) == "curl -sS -i -X PUT -L --max-redirs 1 --post301 --post302 --data-raw '' http://host/a")
        for (timeout, text) in [(Duration.seconds(5), "5"), (.seconds(60), "60"), (.milliseconds(50), "0.05")] {
            var request = Request(target: "/a")
            request.options.timeout = timeout
            #expect(Self.command(request) == "curl -sS -i --max-time \(text) http://host/a")
        }
        for path in ["a/../b", "a/./b"] {
            #expect(Self.command(url: "http://host/\(path)") == "curl -sS -i --path-as-is http://host/\(path)")
        }
        #expect(Self.command(url: "http://host/{a}?b[]=1") == "curl -sS -i -g 'http://host/{a}?b[]=1'")
    }

    @Test("a word is quoted only if a shell would read it differently")
    func quoting() {
        for word in ["azAZ09", "-._/:=@%+,"] { #expect(CurlCommand.quote(word) == word) }
        for word in ["", "[a]", "`a`", "{a}", "~a", "a;b", "a?b"] { #expect(CurlCommand.quote(word) == "'\(word)'") }
        #expect(CurlCommand.quote("it's") == #"'it'\''s'"#)
        #expect(CurlCommand.quote("'\\\n\t") == #"$'\'\\\n\x09'"#)
    }

    @Test("connection options are part of the command")
    func connection() {
        var client = ClientOptions()
        client.address = .fixed("127.0.0.9")
        client.proxy = "http://proxy:1"
        client.unixSocket = "a socket"
        client.resolve = ["host:80": "127.0.0.1"]
        client.httpVersion = "2"
        client.isInsecure = true
        client.caFile = "ca.pem"
        client.certificate = "client.pem"
        client.key = "client.key"
        #expect(
            Self.command { $0.client = client }
                == "curl -sS -i --interface 127.0.0.9 -x http://proxy:1 --unix-socket 'a socket' "
                + "--resolve host:80:127.0.0.1 --http2-prior-knowledge -k --cacert ca.pem --cert client.pem "
                + "--key client.key http://host/a")
        #expect(Self.command(url: "https://host/") { $0.client.httpVersion = "2" }.contains(" --http2 "))
        #expect(Self.command { $0.client.httpVersion = "1.1" }.contains(" --http1.1 "))
        for address in [ClientAddress.own, .each, .shared] {
            #expect(Self.command { $0.client.address = address } == "curl -sS -i http://host/a")
        }
    }

    @Test("stored cookies are part of the command, before the request's own cookies")
    func cookies() {
        #expect(Self.command { $0.storedCookies = "a=1; b=2" } == "curl -sS -i -b 'a=1; b=2' http://host/a")
        let request = Request(target: "/a", headers: [Header("Cookie", "c=3")])
        #expect(
            Self.command(request) { $0.storedCookies = "a=1" }
                == "curl -sS -i -b 'a=1; c=3' http://host/a")
    }

    @Test("a body from a file is named, and one that does not fit a command is described in a remark")
    func bodies() {
        func command(_ body: [UInt8], file: String? = nil, method: String = "POST") -> String {
            var request = Request(method: method, target: "/a", body: body)
            request.bodyFile = file
            return Self.command(request)
        }
        #expect(command(Array("a".utf8)) == "curl -sS -i --data-raw a http://host/a")
        #expect(
            command([UInt8](repeating: 0, count: 4 << 20), file: "big.bin")
                == "curl -sS -i --data-binary @big.bin http://host/a")
        #expect(
            command([1, 0, 2])
                == "curl -sS -i --data-binary @BODY http://host/a "
                + "# BODY: a file with the body, 3 bytes that a shell word cannot hold")
        #expect(
            command([UInt8](repeating: 97, count: 70_000))
                == "curl -sS -i --data-binary @BODY http://host/a "
                + "# BODY: a file with the body, 70,000 bytes that are too long for a command")
        #expect(command(Array("a".utf8), method: "HEAD") == "curl -sS --head http://host/a")
    }

    @Test("the text report allows shorter bodies in commands than other reports")
    func terminal() throws {
        let request = Request(method: "POST", target: "/a", body: [UInt8](repeating: 97, count: 4_000))
        let exchange = Exchange(
            request: request, url: "http://host/a", result: .success(Response(status: 200)), start: .now,
            duration: .zero)
        let failure = Failure(
            diagnostic: Diagnostic(.assertion, "x", in: SourceFile(path: "a", bytes: []), at: 0..<0),
            exchange: exchange, isError: false)
        #expect(CurlCommand.render(exchange).contains("--data-raw aaa"))
        #expect(RunTextReport(style: .plain).text(of: failure).contains("@BODY"))
    }
}
