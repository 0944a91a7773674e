import ScenarioRunner
import TestSupport
import Testing

@testable import Observe

@Suite(.timeLimit(.minutes(1)))
struct RedisObserverTests {
    @Test("INFO gives commands, CPU time, memory and evictions, without its own calls")
    func info() {
        let info = RedisInfo(
            """
            # Commandstats\r
            cmdstat_get:calls=21,usec=175,usec_per_call=8.33,rejected_calls=0,failed_calls=0\r
            cmdstat_info:calls=9,usec=900,usec_per_call=100.00\r
            cmdstat_config|get:calls=1,usec=5\r
            # CPU\r
            used_cpu_sys:1.500000\r
            used_cpu_user:0.250000\r
            evicted_keys:3\r
            used_memory:1048576\r
            """)
        #expect(info.isUsable && info.commands["get"] == CommandTotal(calls: 21, time: 175_000))
        #expect(info.commands["info"] == nil)
        #expect(
            info.metrics == [
                .redisCommands: 22, .redisCommandTime: 180_000, .redisCPU: 1.75e9, .redisEvictions: 3,
                .redisMemory: 1_048_576,
            ])
    }

    @Test("malformed figures are left out")
    func malformed() {
        let info = RedisInfo("cmdstat_get:calls=x,usec=inf,=,==\nused_memory:nan\nevicted_keys:\n:\nused_cpu_sys:1\n")
        #expect(info.commands["get"] == CommandTotal(calls: 0, time: 0))
        #expect(info.metrics == [.redisCommands: 0, .redisCommandTime: 0])
        #expect(!RedisInfo("").isUsable && !RedisInfo("cmdstat_get:calls=1,usec=1").isUsable)
    }

    @Test("a real Redis is observed")
    func real() async throws {
        try await TestServer.withRedis { url in
            guard case .redis(let address) = try ObservationSource(parsing: url) else { throw ObservationError(url) }
            let observer = try RedisObserver(address)
            let (first, second) = (try observer.read(), try observer.read())
            #expect(second.time > first.time && (second.values[.redisMemory] ?? 0) > 0)
            #expect((second.values[.redisCPU] ?? 0) > 0)
            // Only the observer talks to it.
            #expect(first.values[.redisCommands] == second.values[.redisCommands])
        }
    }

    /// Checks a Redis that replies as given to each command, and then closes the connection.
    private static func failure(_ replies: [String], password: String = "") throws -> String? {
        let server = try ScriptedServer { connection in
            for reply in replies {
                guard connection.receive() != nil else { return }
                connection.write(reply)
            }
            _ = connection.receive()
        }
        defer { withExtendedLifetime(server) {} }
        let error = #expect(throws: ObservationError.self) {
            try ObservationSource(parsing: "redis://\(password)127.0.0.1:\(server.base.port)").check()
        }
        return error?.description
    }

    private static func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

    @Test("a Redis that goes away, refuses or is none is an error that says so")
    func broken() throws {
        let stats = Self.bulk("cmdstat_get:calls=1,usec=1\r\n")
        #expect(try Self.failure([stats, stats])?.contains("Server closed the connection") == true)
        #expect(try Self.failure(["-NOAUTH Authentication required.\r\n"])?.contains("NOAUTH") == true)
        #expect(try Self.failure(["HTTP/1.1 400 Bad Request\r\n\r\n"])?.contains("Protocol error") == true)
        #expect(try Self.failure([":1\r\n"])?.contains("unexpected reply") == true)
        #expect(try Self.failure(["*-1\r\n"])?.contains("unexpected reply") == true)
        #expect(try Self.failure(Array(repeating: stats, count: 4))?.contains("no figures") == true)
        let denied = try Self.failure(["-WRONGPASS invalid\r\n"], password: "user:hunter2@")
        #expect(denied?.contains("AUTH failed") == true && denied?.contains("hunter2") == false)
    }

    @Test("a Redis that does not listen or reply is an error that says so")
    func unreachable() throws {
        let silent = try ScriptedServer { connection in while connection.receive() != nil {} }
        for (url, reason) in [
            ("redis://127.0.0.1:\(silent.base.port)", "no reply within 2 s"),
            ("redis://127.0.0.1:1", "Connection refused"), ("unix:///nowhere/redis.sock", "No such file"),
        ] {
            let error = #expect(throws: ObservationError.self) { try ObservationSource(parsing: url).check() }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
        withExtendedLifetime(silent) {}
    }
}
