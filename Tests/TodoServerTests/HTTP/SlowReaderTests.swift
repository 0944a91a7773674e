import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import TestSupport

@testable import TodoServer

/// Clients that read their responses slowly or not at all.
@Suite(.timeLimit(.minutes(1))) struct SlowReaderTests {
    /// More than both socket buffers hold.
    private static let length = 48 << 20

    private static func withServer(
        _ limits: Limits, _ test: @Sendable (_ port: Int, ConnectionCount) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = ConnectionCount(limit: 200)
        let body = ByteBuffer(repeating: UInt8(ascii: "a"), count: length)
        let bodies = Bodies()
        let (urls, listening) = AsyncStream.makeStream(of: String.self)
        let server = HTTPServer(
            host: "127.0.0.1", port: 0, limits: limits, connections: connections, proxies: [], group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            responder: Responder { request in
                switch request.path {
                case "/same": Response(status: .ok, body: Response.Body(bytes: bodies.next(number: 0)))
                case "/another": Response(status: .ok, body: Response.Body(bytes: bodies.next()))
                case "/short": Response(status: .ok, json: "{}")
                default: Response(status: .ok, body: Response.Body(bytes: body))
                }
            },
            onListening: { listening.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await server.run() }
            let url = await urls.first { _ in true }
            try await test(try #require(url?.split(separator: ":").last.flatMap { Int($0) }), connections)
            tasks.cancelAll()
        }
        try await group.shutdownGracefully()
    }

    private static var limits: Limits {
        var limits = Limits()
        limits.headTime = .milliseconds(300)
        limits.idleTime = .milliseconds(1500)
        limits.readWindow = .milliseconds(1500)
        limits.drainLimit = .milliseconds(100)
        return limits
    }

    /// Reading takes several times the idle limit, while a part of the next request waits.
    @Test("a client that reads slowly gets the whole response")
    func whoReadsSlowlyGetsAll() async throws {
        try await Self.withServer(Self.limits) { port, _ in
            let client = try PlainSocket(port: port, receiveBuffer: 256 << 10)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /part")
            let start = ContinuousClock.now
            // On a thread, because a task would wait for other tests' tasks and really be idle.
            let received = try await blocking {
                var received = 0
                while received < Self.length {
                    usleep(20_000)
                    guard let count = client.receive(atMost: 256 << 10) else { break }
                    received += count
                }
                return received
            }
            #expect(received >= Self.length, "it was closed after \(ContinuousClock.now - start)")
            #expect(ContinuousClock.now - start > .seconds(3), "it was not slow")
        }
    }

    /// The malformed bytes continue, and the client closes its side, while the response is being sent.
    @Test("a response is sent in full although the client sends malformed bytes after its request")
    func whoSendsNonsenseMeanwhileGetsAll() async throws {
        try await Self.withServer(Limits()) { port, _ in
            let client = try PlainSocket(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
            var received = 0
            try await waitUntil("the response begins") {
                received += client.receive(atMost: 1024) ?? 0
                return received > 0
            }
            try client.send("more nonsense\r\n\r\n")
            client.sendNoMore()
            while let count = client.receive(atMost: 1 << 20) {
                received += count
                if count == 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            #expect(received > Self.length, "the response, and the 400 after it")
        }
    }

    @Test("a client that reads too slowly is disconnected")
    func tooSlow() async throws {
        var limits = Self.limits
        limits.readRate = 4 << 20
        limits.readWindow = .milliseconds(500)
        try await Self.withServer(limits) { port, connections in
            let client = try PlainSocket(port: port, receiveBuffer: 64 << 10)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let received = try await blocking {
                var received = 0
                while let count = client.receive(atMost: 16 << 10) {
                    received += count
                    usleep(20_000)
                }
                return received
            }
            #expect(received < Self.length)
            #expect(connections.counters.slow.value == 1)
        }
    }

    /// Bodies of 8 MiB, more than a socket takes.
    private final class Bodies: Sendable {
        private let count = Counter()

        /// A body in a separate buffer that starts with the number.
        func next(number: Int? = nil) -> ByteBuffer {
            count.add()
            var body = ByteBuffer(integer: number ?? count.value)
            body.writeRepeatingByte(UInt8(ascii: "a"), count: 8 << 20)
            return body
        }
    }

    @Test("clients that do not read are disconnected when their responses take too much memory")
    func sheds() async throws {
        var limits = Limits()
        limits.memory = 20 << 20
        try await Self.withServer(limits) { port, connections in
            let clients = try (0..<10).map { _ in try PlainSocket(port: port, receiveBuffer: 64 << 10) }
            for client in clients { try client.send("GET /another HTTP/1.1\r\nHost: a\r\n\r\n") }
            try await waitUntil("two connections are left") { connections.current == 2 }
            #expect(connections.counters.shed.value == 8)
            let other = try await RawClient.connect(to: port)
            #expect(try await other.get("/short").status == 200, "others are served")
            withExtendedLifetime(clients) {}
        }
    }

    @Test("clients that wait for the same body share its memory")
    func shares() async throws {
        var limits = Limits()
        limits.memory = 20 << 20
        try await Self.withServer(limits) { port, connections in
            let clients = try (0..<10).map { _ in try PlainSocket(port: port, receiveBuffer: 64 << 10) }
            for client in clients {
                try client.send("GET /same HTTP/1.1\r\nHost: a\r\n\r\n")
                try await waitUntil("the response begins") { try #require(client.receive(atMost: 1)) > 0 }
            }
            #expect(connections.current == 10)
            #expect(connections.counters.shed.value == 0)
        }
    }

    @Test("clients with incomplete requests get 503 when those take too much memory")
    func shedsRequests() async throws {
        var limits = Limits()
        limits.memory = 4 << 20
        try await Self.withServer(limits) { port, connections in
            let head = "POST /short HTTP/1.1\r\nHost: a\r\nContent-Length: 60001\r\n\r\n"
            var clients: [RawClient] = []
            for _ in 0..<120 {
                let client = try await RawClient.connect(to: port)
                try await client.send(head + String(repeating: "x", count: 60_000))
                clients.append(client)
            }
            try await waitUntil("the server has received their input") { connections.counters.shed.value >= 40 }
            let other = try await RawClient.connect(to: port)
            #expect(try await other.get("/short").status == 200, "others are served")
            for client in clients { try? await client.send("x") }
            var statuses: [Int: Int] = [:]
            for client in clients {
                let status = try await client.response().status
                statuses[status, default: 0] += 1
            }
            #expect(statuses[503] == connections.counters.shed.value)
            #expect(statuses[200, default: 0] + statuses[503, default: 0] == 120)
        }
    }

    @Test("a client that does not read is disconnected")
    func whoDoesNotReadIsClosed() async throws {
        try await Self.withServer(Self.limits) { port, connections in
            let client = try PlainSocket(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await waitUntil("the connection is open") { connections.current == 1 }
            try await waitUntil("the connection is closed") { connections.current == 0 }
            withExtendedLifetime(client) {}
        }
    }
}

/// A socket that only reads when `receive` is called.
private final class PlainSocket: Sendable {
    private let descriptor: Int32

    /// - Parameter receiveBuffer: size of the kernel's receive buffer; nil for the default.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let connected = address.withSockAddr { connect(descriptor, $0, socklen_t($1)) }
        try #require(connected == 0)
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func sendNoMore() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Returns the number of bytes read, 0 if there are none yet, or nil at the end.
    func receive(atMost count: Int) -> Int? {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, count, Int32(MSG_DONTWAIT))
        if received > 0 { return received }
        return received < 0 && errno == EAGAIN ? 0 : nil
    }
}
