import Glibc
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// How failures of a server are counted. The run continues after each, and ends on time.
@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    struct Misbehaviour: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var expected: ErrorKind
        var serve: @Sendable (ScriptedConnection) -> Void

        init(_ name: String, _ expected: ErrorKind, _ serve: @escaping @Sendable (ScriptedConnection) -> Void) {
            testDescription = name
            self.expected = expected
            self.serve = serve
        }

        /// Responds to a request with the text, then closes.
        static func says(_ text: String, _ expected: ErrorKind) -> Misbehaviour {
            Misbehaviour("sends \(text.prefix(40).debugDescription)", expected) { connection in
                if connection.read() != nil { connection.write(text) }
            }
        }
    }

    static let misbehaviours: [Misbehaviour] = [
        .says("nothing like HTTP\r\n\r\n", .malformed),
        .says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", .truncated),
        .says("HTTP/1.1 200 OK\r\nContent-Le", .truncated),
        .says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", .malformed),
        .says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxx", .malformed),
        .says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .malformed),
        .says("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", .tooLarge),
        .says("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 100_000), .tooLarge),
        Misbehaviour("an endless head", .tooLarge) { connection in
            guard connection.read() != nil, connection.write("HTTP/1.1 200 OK\r\n") else { return }
            while connection.write("X: \(String(repeating: "x", count: 1000))\r\n") {}
        },
        Misbehaviour("an endless body", .tooLarge) { connection in
            guard connection.read() != nil, connection.write("HTTP/1.1 200 OK\r\n\r\n") else { return }
            while connection.write(String(repeating: "x", count: 10_000)) {}
        },
        Misbehaviour("closes immediately", .closed) { connection in
            connection.endWriting()
            connection.awaitEnd()
        },
        Misbehaviour("closes without a response", .closed) { connection in _ = connection.read() },
        Misbehaviour("resets", .reset) { connection in
            _ = connection.read()
            connection.resetOnClose()
        },
        Misbehaviour("resets in the middle of a response", .reset) { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            connection.resetOnClose()
        },
        Misbehaviour("never responds", .timeout) { $0.awaitEnd() },
        Misbehaviour("stalls in the middle of a response", .timeout) { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            connection.awaitEnd()
        },
    ]

    @Test("each kind of server failure is counted as its own kind of error", arguments: misbehaviours)
    func isCounted(_ misbehaviour: Misbehaviour) throws {
        // Stop once each of the four users has met it more than once, however long that takes on a busy machine.
        let stop = StopFlag()
        let served = Atomic<Int>(0)
        let server = try ScriptedServer { connection in
            misbehaviour.serve(connection)
            if served.add(1, ordering: .relaxed).newValue >= 12 { stop.set() }
        }
        let timeout: Duration = misbehaviour.expected == .timeout ? .milliseconds(100) : .seconds(15)
        let step = PlannedStep.get(timeout: timeout, bodyLimit: 1 << 20)
        let result = try LoadResult.load(server.address, steps: [step], stop: stop) {
            $0.duration = .seconds(20)
        }
        let errors = result.steps[0].errors
        #expect(errors[misbehaviour.expected, default: Tally(count: 0, example: "")].count >= 4, "\(errors)")
        #expect(errors.values.allSatisfy { !$0.example.isEmpty })
        #expect(result.reconnects.contains { $0.failure == misbehaviour.expected })
    }

    @Test("the body limit is the step's and does not include chunk sizes")
    func longestBody() throws {
        let server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                let chunks = "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"
                connection.write(
                    request.hasPrefix("GET /chunked")
                        ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)" : answer("abc"))
            }
        }
        let steps = ["/", "/chunked"].flatMap { path in
            [2, 3].map { PlannedStep.get("\(path) \($0)", path: path, bodyLimit: $0) }
        }
        let result = try LoadResult.load(server.address, steps: steps)
        for (step, fits) in zip(result.steps, [false, true, false, true]) {
            #expect((step.all.count > 0) == fits, "\(step.id)")
            #expect((step.errors[.tooLarge]?.count ?? 0 > 0) != fits, "\(step.id)")
        }
        #expect(result.steps[0].errors[.tooLarge]?.example == "the response's body is longer than 2 bytes")
    }

    @Test("a refused connection is counted and retried with increasing delays")
    func refused() throws {
        let address = try SocketAddress.unused()
        let result = try LoadResult.load(address)
        #expect(result.responses == 0)
        let refused = try #require(result.steps[0].errors[.refused])
        // The attempts of each of four users are 10, 20, 40, 80 ms apart, for 300 ms.
        #expect((8...24).contains(refused.count))
        #expect(refused.example == "connect: Connection refused")
    }

    @Test("a refused connection is counted for the request even after a pause or parallel step")
    func refusedBeforeTheRequest() throws {
        let address = try SocketAddress.unused()
        for first in [PlannedStep.Action.pause(1_000_000), .parallel(count: 1)] {
            let steps = [PlannedStep(id: "first", action: first), .get("one"), .get("two")]
            let result = try LoadResult.load(address, steps: steps)
            #expect((result.steps[0].errors[.refused]?.count ?? 0) >= 8, "\(first)")
        }
    }

    @Test("a closed connection fails only its own exchange")
    func oneInTen() throws {
        let server = try ScriptedServer { connection in
            for turn in 1... {
                guard connection.read() != nil else { return }
                if turn % 10 == 0 { return }
                connection.write(answer("hello"))
            }
        }
        let result = try LoadResult.load(server.address, steps: [.get(method: "POST")])
        let closed = try #require(result.steps[0].errors[.closed])
        #expect(result.responses > 20)
        #expect(closed.count >= result.responses / 9 - 4 && closed.count <= result.responses / 9 + 4)
    }

    @Test("too low a limit on open files is an error before the run")
    func files() {
        var settings = EngineSettings()
        settings.virtualUsers = 2_000_000_000
        #expect(throws: LoadError.self) {
            let plan = LoadPlan(
                target: SocketAddress(ipv4: 0x7F00_0001, port: 1), steps: [.get()], classes: [], judge: StubJudge())
            return try LoadRun(name: "test", plan: plan, settings: settings, stop: StopFlag()).finish()
        }
    }

    @Test("the first address of a name that accepts connections is used")
    func severalAddresses() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let silent = [
            try SocketAddress.resolve(host: "::1", port: UInt16(try freePort())),
            try SocketAddress.unused(),
        ]
        #expect(SocketAddress.reachable(of: silent + [server.address]) == server.address)
        #expect(SocketAddress.reachable(of: silent) == silent[0], "the error concerns the first address")
        let six = try ScriptedServer.overIPv6 { $0.awaitEnd() }
        let address = try SocketAddress.resolve(host: "::1", port: six.port)
        #expect(SocketAddress.reachable(of: [address, server.address]) == address)
    }

    @Test("a host that cannot be resolved is an error")
    func unresolved() {
        #expect(throws: LoadError.self) { try SocketAddress.resolve(host: "no such host", port: 80) }
        #expect(throws: Never.self) { try SocketAddress.resolve(host: "[::1]", port: 80) }
        #expect((try? SocketAddress.resolve(host: "[::1]", port: 80))?.description == "[::1]:80")
        #expect((try? SocketAddress.resolve(host: "127.0.0.9", port: 80))?.isIPv4Loopback == true)
    }

    @Test("requests without a connection fail at their timeout, and those that still wait are unfinished")
    func neverAccepted() throws {
        let (listener, address) = try SocketAddress.deafListener()
        defer { close(listener) }
        // The kernel puts a few connections into the accept queue.
        let slow = try LoadResult.load(address) { $0.virtualUsers = 8 }
        #expect(slow.responses == 0 && slow.errors == 0 && slow.inFlight == 8)
        let result = try LoadResult.load(address, steps: [.get(timeout: .milliseconds(100))]) { $0.virtualUsers = 8 }
        #expect(result.responses == 0)
        #expect(result.errorTallies[.connectTimeout]?.count ?? 0 >= 5, "\(result.errorTallies)")
    }
}
