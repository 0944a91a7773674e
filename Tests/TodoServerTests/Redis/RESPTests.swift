import NIOCore
import Testing

@testable import TodoServer

@Suite struct RESPTests {
    private static let text = "+OK\r\n:-42\r\n$5\r\na\r\nb\0\r\n$-1\r\n-NOSCRIPT x\r\n*3\r\n:1\r\n$0\r\n\r\n*0\r\n"
    private static let replies: [RedisReply] = [
        .status("OK"), .integer(-42), .bulk(ByteBuffer(string: "a\r\nb\0")), .null, .error("NOSCRIPT x"),
        .array([.integer(1), .bulk(ByteBuffer()), .array([])]),
    ]

    /// Splits the stream in two at every byte.
    @Test("replies are parsed however the stream is split", arguments: 0...Self.text.utf8.count)
    func readsAtEverySplit(_ split: Int) throws {
        var reader = RESPReader()
        var replies: [RedisReply] = []
        for part in [Self.text.utf8.prefix(split), Self.text.utf8.dropFirst(split)] {
            try reader.feed(ByteBuffer(bytes: part))
            while let reply = try reader.next() { replies.append(reply) }
        }
        #expect(replies == Self.replies)
    }

    @Test("invalid input is a protocol violation", arguments: ["HTTP/1.1 400\r\n", "*1\r\n%1\r\n"])
    func refuses(_ text: String) throws {
        var reader = RESPReader()
        try reader.feed(ByteBuffer(string: text))
        var error: RedisError?
        do {
            while try reader.next() != nil {}
        } catch let failure {
            error = failure
        }
        guard case .protocolViolation = error else {
            Issue.record("\(text) was accepted")
            return
        }
    }

    @Test("a reply longer than 16 MiB is rejected")
    func boundsWhatIsNotParsed() throws {
        var reader = RESPReader()
        try reader.feed(ByteBuffer(string: "$500000000\r\n"))
        let megabyte = ByteBuffer(repeating: 0x78, count: 1 << 20)
        var fed = 0
        #expect(throws: RedisError.self) {
            while fed < 100 {
                try reader.feed(megabyte)
                _ = try reader.next()
                fed += 1
            }
        }
        #expect(fed < 17)
    }

    @Test("a command is written as an array of bulk strings")
    func writesCommands() {
        var buffer = ByteBuffer()
        RedisCommand("SET", .text("ü"), .bytes(ByteBuffer(bytes: [0, 13, 10]))).write(into: &buffer)
        #expect(String(buffer: buffer) == "*3\r\n$3\r\nSET\r\n$2\r\nü\r\n$3\r\n\0\r\n\r\n")
    }

    @Test("a script's digest is its SHA-1")
    func namesScriptsByTheirDigest() {
        #expect(RedisScript("return 1").digest == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }

    @Test(
        "a redis:// address is parsed",
        arguments: [
            ("redis://127.0.0.1", "127.0.0.1", 6379, nil, nil, 0), ("redis://cache:7000/3", "cache", 7000, nil, nil, 3),
            ("redis://:p%40ss@cache", "cache", 6379, nil, "p@ss", 0),
            ("redis://me:x@cache/", "cache", 6379, "me", "x", 0),
            ("redis://[::1]:7000", "::1", 7000, nil, nil, 0), ("REDIS://[::1]", "::1", 6379, nil, nil, 0),
        ] as [(String, String, Int, String?, String?, Int)])
    func readsAddresses(
        _ text: String, _ host: String, _ port: Int, _ username: String?, _ password: String?, _ database: Int
    ) throws {
        let url = try RedisURL(parsing: text)
        #expect(url.endpoint == .tcp(host: host, port: port) && url.database == database)
        #expect(url.username == username && url.password == password)
    }

    @Test(
        "a unix:// address is parsed",
        arguments: [
            ("unix:///run/redis.sock", "/run/redis.sock", nil, nil, 0),
            ("redis+unix:///a%20b?db=3", "/a b", nil, nil, 3),
            ("unix://me:p%2Fw@/run/redis.sock?db=1", "/run/redis.sock", "me", "p/w", 1),
        ] as [(String, String, String?, String?, Int)])
    func readsSocketAddresses(
        _ text: String, _ path: String, _ username: String?, _ password: String?, _ database: Int
    ) throws {
        let url = try RedisURL(parsing: text)
        #expect(url.endpoint == .unix(path: path) && url.database == database)
        #expect(url.username == username && url.password == password)
        #expect(!url.description.contains("p/w"))
    }

    @Test("a rediss:// address is parsed")
    func readsAddressesWithTLS() throws {
        let url = try RedisURL(parsing: "rediss://:p%40ss@cache:7000/3")
        #expect(url.endpoint == .tls(host: "cache", port: 7000) && url.database == 3 && url.password == "p@ss")
        #expect(url.description == "rediss://:********@cache:7000/3")
    }

    @Test(
        "an invalid address is rejected",
        arguments: [
            "", "127.0.0.1:6379", "redis://", "redis://:6379", "redis://h:0", "redis://h:70000", "redis://h:x",
            "redis://h/x", "redis://h/-1",
            "redis://h?password=x", "redis://pw@h", "http://h", "unix://redis.sock", "unix:///a?db=x", "unix:///a?x",
            "unix:///\(String(repeating: "a", count: 107))",
        ])
    func refusesAddresses(_ text: String) {
        #expect(throws: RedisURL.ParsingError.self) { try RedisURL(parsing: text) }
    }
}
