import NIOCore
import Testing
import TestSupport

@testable import TodoServer

/// Compares what two instances admit while Redis fails with the bound in `docs/server.md`.
@Suite(.timeLimit(.minutes(10)), .serialized) struct LimitFaultTests {
    private static let limit = 5
    private static let windowSeconds = 1
    private static let window = Duration.seconds(windowSeconds)
    private static let users = 6
    private static let rounds = TodoServerTests.rounds("TODO_TEST_LIMIT_FAULTS", otherwise: 1)

    enum Fault: String, CaseIterable, Sendable {
        case none = "undisturbed"
        case restartedFromSnapshot = "killed, restarted from an older snapshot"
        case restartedFromLog = "killed, restarted from its append-only file"
        case restartedEmpty = "killed, restarted empty"
        case paused = "paused"
        case flushed = "flushed"
        case failedOver = "failed over to a replica that lags"

        /// The number of counters in addition to the one in Redis: one per instance, and one per loss of data.
        var moreCounters: Int {
            switch self {
            case .none: 0
            case .flushed: 1
            case .paused: 2
            case .restartedFromSnapshot, .restartedFromLog, .restartedEmpty, .failedOver: 3
            }
        }

        var options: [String] {
            self == .restartedFromLog ? ["--appendonly", "yes", "--appendfsync", "everysec"] : []
        }
    }

    /// A Redis behind a proxy, and its replica.
    private struct Scene {
        var redis: TestRedis
        var replica: TestRedis
        var front: TestProxy
        var replication: TestProxy

        static func with(
            options: [String], _ body: (_ scene: Scene, _ url: RedisURL) async throws -> Void
        ) async throws {
            try await TestRedis.with(options: options) { redis in
                try await TestProxy.with(to: redis.port) { front, port in
                    try await TestProxy.with(to: redis.port) { replication, replicationPort in
                        try await TestRedis.with(options: ["--replicaof", "127.0.0.1", "\(replicationPort)"]) {
                            replica in
                            let url = try RedisURL(parsing: "redis://127.0.0.1:\(port)")
                            try await body(
                                Scene(redis: redis, replica: replica, front: front, replication: replication), url)
                        }
                    }
                }
            }
        }

        /// Causes the fault, and ends it.
        func strike(_ fault: Fault) async throws {
            let pause = Duration.milliseconds(Int.random(in: 300...3000))
            switch fault {
            case .none: break
            case .restartedFromSnapshot:
                _ = try await redis.command(RedisCommand("SAVE"))
                try await Task.sleep(for: .milliseconds(300))
                redis.kill()
                try await Task.sleep(for: .milliseconds(300))
                try await redis.restart()
            case .restartedFromLog, .restartedEmpty:
                redis.kill()
                try await Task.sleep(for: .milliseconds(300))
                try await redis.restart()
            case .paused:
                redis.pause()
                try await Task.sleep(for: pause)
                redis.proceed()
            case .flushed: _ = try await redis.command(RedisCommand("FLUSHALL"))
            case .failedOver:
                try await waitUntil("the replica follows") {
                    try await replica.cli("INFO", "replication").contains { $0.hasPrefix("master_link_status:up") }
                }
                replication.set(.dropReplies)
                try await Task.sleep(for: .milliseconds(300))
                redis.kill()
                try await replica.cli("REPLICAOF", "NO", "ONE")
                front.retarget(to: replica.port)
            }
        }
    }

    @Test(
        "two instances never admit more than the documented bound during a fault", arguments: Fault.allCases,
        RateLimitPolicy.Kind.allCases)
    func keepsThePromise(_ fault: Fault, _ kind: RateLimitPolicy.Kind) async throws {
        for _ in 0..<Self.rounds { try await run(fault, kind) }
    }

    private func run(_ fault: Fault, _ kind: RateLimitPolicy.Kind) async throws {
        try await Scene.with(options: fault.options) { scene, url in
            try await TemporaryDirectory.with { directory in
                let share: (inout Configuration) -> Void = {
                    $0.redis = url
                    $0.database = .sqlite(path: directory + "/todos.sqlite")
                    $0.rateLimit = RateLimitPolicy(limit: Self.limit, windowSeconds: Self.windowSeconds)
                    $0.rateLimitKind = kind
                    $0.rateLimitKey = .user
                    $0.threads = 1
                    // If Redis stays up, a busy machine must not look like an outage.
                    if fault.moreCounters < 2 { $0.redisTimeout = 10_000 }
                }
                try await RunningServer.with(share) { one in
                    try await RunningServer.with(share) { other in
                        try await observe([one, other], scene, fault, kind)
                    }
                }
            }
            try await expectTimesToLive(fault == .failedOver ? scene.replica : scene.redis)
        }
    }

    private func observe(
        _ servers: [RunningServer], _ scene: Scene, _ fault: Fault, _ kind: RateLimitPolicy.Kind
    ) async throws {
        let client = try await RawClient.connect(to: servers[0])
        var tokens: [String] = []
        for user in 0..<Self.users { try await tokens.append(client.token(ofNewUser: "user-\(user)")) }
        let isOver = Flag()
        let sources = tokens.map { token in
            servers.map { server in
                Task {
                    let client = try await RawClient.connect(to: server)
                    var requests: [Request] = []
                    while !isOver.isRaised {
                        let sent = ContinuousClock.now
                        let status = try await client.get("/todos", token: token).status
                        requests.append(Request(sent: sent, received: .now, isAdmitted: status == 200))
                        try await Task.sleep(for: .milliseconds(15))
                    }
                    return requests
                }
            }
        }
        try await Task.sleep(for: Self.window)
        try await scene.strike(fault)
        for server in servers {
            let client = try await RawClient.connect(to: server)
            try await waitUntil("Redis is used again") {
                try await client.get("/ready").body.contains(#""redis":"ok""#)
            }
        }
        try await Task.sleep(for: Self.window)
        let calm = ContinuousClock.now
        try await Task.sleep(for: Self.window * 2)
        isOver.raise()

        var count = 0
        var most = 0
        var mostInCalm = 0
        var isUndisturbed = true
        for sources in sources {
            var requests: [Request] = []
            for source in sources { requests += try await source.value }
            count += requests.count
            let admitted = requests.filter(\.isAdmitted)
            #expect(admitted.count >= Self.limit)
            most = max(most, Self.most(admitted))
            mostInCalm = max(mostInCalm, Self.most(admitted.filter { $0.sent >= calm }))
            // On a busy machine, a request may time out waiting for Redis.
            if requests.contains(where: { $0.sent >= calm && $0.received - $0.sent > .milliseconds(200) }) {
                isUndisturbed = false
            }
        }
        // An interval of one window length can overlap two fixed windows of each counter.
        let each = kind == .fixedWindow ? 2 * Self.limit : Self.limit
        let bound = each * (1 + fault.moreCounters)
        #expect(most <= bound)
        if isUndisturbed || fault.moreCounters < 2 { #expect(mostInCalm <= each, "the limit is exact again") }
        print(
            "limit, Redis \(fault.rawValue), \(kind.rawValue): \(count) requests, at most \(most) admitted in a "
                + "window's length, \(bound) promised; afterwards \(mostInCalm) of \(each)")
    }

    private struct Request: Sendable {
        var sent: ContinuousClock.Instant
        var received: ContinuousClock.Instant
        var isAdmitted: Bool
    }

    /// The most requests that were certainly admitted within one window length: both sent and answered in it.
    private static func most(_ requests: [Request]) -> Int {
        requests.map { first in
            requests.count { $0.sent >= first.sent && $0.received <= first.sent + window }
        }.max() ?? 0
    }

    private func expectTimesToLive(_ redis: TestRedis) async throws {
        guard case .array(let keys) = try await redis.command(RedisCommand("KEYS", .text("todo:limit:*"))) else {
            Issue.record("Redis lists no keys")
            return
        }
        for case .bulk(let key) in keys {
            guard case .integer(let left) = try await redis.command(RedisCommand("PTTL", .bytes(key))) else { continue }
            // -2 means that the key has just expired.
            #expect(left == -2 || (0...1001).contains(left), "\(String(buffer: key))")
        }
    }

    /// With the worst timing, the bound is reached but not exceeded.
    @Test(
        "an outage adds one counter per instance, and a loss of data adds one more",
        arguments: RateLimitPolicy.Kind.allCases)
    func theBoundIsReached(_ kind: RateLimitPolicy.Kind) async throws {
        try await TestRedis.with(options: ["--appendonly", "yes", "--appendfsync", "always"]) { redis in
            try await TemporaryDirectory.with { directory in
                let share: (inout Configuration) -> Void = {
                    $0.redis = redis.url
                    $0.database = .sqlite(path: directory + "/todos.sqlite")
                    $0.rateLimit = RateLimitPolicy(limit: Self.limit, windowSeconds: 600)
                    $0.rateLimitKind = kind
                    $0.threads = 1
                    // A busy machine must not look like an outage.
                    $0.redisTimeout = 10_000
                }
                try await RunningServer.with(share) { one in
                    try await RunningServer.with(share) { other in
                        let clients = [try await RawClient.connect(to: one), try await RawClient.connect(to: other)]
                        let token = try await clients[0].token()
                        func admitted(by client: RawClient) async throws -> Int {
                            var count = 0
                            for _ in 0..<8 where try await client.get("/todos", token: token).status == 200 {
                                count += 1
                            }
                            return count
                        }
                        func waitForRedis(_ state: String) async throws {
                            for client in clients {
                                try await waitUntil("Redis is \(state)") {
                                    try await client.get("/ready").body.contains("\"redis\":\"\(state)\"")
                                }
                            }
                        }
                        #expect(try await admitted(by: clients[0]) == 5, "Redis")
                        #expect(try await admitted(by: clients[1]) == 0)
                        redis.kill()
                        try await waitForRedis("unavailable")
                        for client in clients { #expect(try await admitted(by: client) == 5, "its own counter") }
                        try await redis.restart()
                        try await waitForRedis("ok")
                        for client in clients { #expect(try await admitted(by: client) == 0, "Redis has its count") }
                        redis.kill()
                        try await waitForRedis("unavailable")
                        for client in clients { #expect(try await admitted(by: client) == 0, "its counter is used up") }
                        try await redis.restart()
                        try await waitForRedis("ok")
                        _ = try await redis.command(RedisCommand("FLUSHALL"))
                        #expect(try await admitted(by: clients[1]) == 5, "Redis has lost its data")
                        #expect(try await admitted(by: clients[0]) == 0)
                    }
                }
            }
        }
    }
}
