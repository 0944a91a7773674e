import Foundation
import NIOCore
import Testing
import TestSupport

@testable import TodoServer

/// Redis fails in a particular way around one write. Afterwards, the old list must not be served.
@Suite(.timeLimit(.minutes(2)), .serialized) struct StaleListTests {
    /// Creates a todo, and reads the list until it is cached.
    private func prepare(_ client: RawClient) async throws -> (token: String, todo: String) {
        let token = try await client.token()
        let id = try #require(try await client.post(#"{"title":"old"}"#, token: token).id)
        for source in ["db", "cache"] { #expect(try await client.get("/todos", token: token).source == source) }
        return (token, "/todos/\(id)")
    }

    @Test(
        "a Redis that restarts with older data serves no old list",
        arguments: [
            ["--save", "3600 1"],
            ["--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0"],
        ])
    func restarted(_ options: [String]) async throws {
        try await TestRedis.with(options: options) { redis in
            try await RunningServer.with({ $0.redis = redis.url }) { server in
                let client = try await RawClient.connect(to: server)
                let (token, todo) = try await prepare(client)
                let log = redis.directory + "/appendonlydir/appendonly.aof.1.incr.aof"
                let earlier = try? Data(contentsOf: URL(filePath: log))
                #expect((earlier != nil) == options.contains("--appendonly"))
                try await redis.cli("SAVE")
                #expect(try await client.patch(todo, #"{"title":"new"}"#, token: token).status == 200)
                redis.kill()
                // A power failure can lose the end of the log.
                try earlier?.write(to: URL(filePath: log))
                try await redis.restart()
                let keys = try await redis.cli("KEYS", "todo:list:*")
                #expect(keys.first?.hasPrefix("todo:list:") == true, "the old list is back")
                try await waitUntil("the cache is used again") {
                    let list = try await client.get("/todos", token: token)
                    #expect(list.titles == ["new"])
                    return list.source == "cache"
                }
            }
        }
    }

    /// The servers reach Redis through a symbolic link, which the failover changes.
    private func withReplica(
        _ body: (_ master: TestRedis, _ replica: TestRedis, _ url: RedisURL, _ failOver: () throws -> Void) async throws
            -> Void
    ) async throws {
        try await TestRedis.with { master in
            try await TestRedis.with(options: ["--replicaof", "127.0.0.1 \(master.port)"]) { replica in
                try await TemporaryDirectory.with { directory in
                    let link = directory + "/redis.sock"
                    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: master.socket)
                    try await body(master, replica, RedisURL(parsing: "unix://" + link)) {
                        try FileManager.default.removeItem(atPath: link)
                        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: replica.socket)
                    }
                }
            }
        }
    }

    /// Waits until the replica has the list that is cached on the master.
    private func waitForReplication(to replica: TestRedis) async throws {
        try await waitUntil("the list is replicated") {
            try await replica.cli("KEYS", "todo:list:*").first?.hasPrefix("todo:list:") == true
        }
    }

    @Test("a lagging replica serves no old list after its promotion")
    func promoted() async throws {
        try await withReplica { master, replica, url, failOver in
            try await RunningServer.with({ $0.redis = url }) { server in
                let client = try await RawClient.connect(to: server)
                let (token, todo) = try await prepare(client)
                try await waitForReplication(to: replica)
                replica.pause()
                #expect(try await client.patch(todo, #"{"title":"new"}"#, token: token).status == 200)
                master.kill()
                replica.proceed()
                try await replica.cli("REPLICAOF", "NO", "ONE")
                try failOver()
                try await waitUntil("the cache is used again") {
                    let list = try await client.get("/todos", token: token)
                    #expect(list.titles == ["new"])
                    return list.source == "cache"
                }
            }
        }
    }

    /// A new replica changes the master's replication id, but not its run id, which is part of the keys.
    @Test("instances share lists cached before and after a replica attaches")
    func attached() async throws {
        try await TestRedis.with { master in
            try await RunningServer.withTwo(sharing: master.url) { servers in
                let clients = try await [RawClient.connect(to: servers[0]), RawClient.connect(to: servers[1])]
                let (token, todo) = try await prepare(clients[0])
                try await TestRedis.with(options: ["--replicaof", "127.0.0.1 \(master.port)"]) { replica in
                    try await waitUntil("the replica follows") {
                        try await replica.cli("INFO", "replication").contains {
                            $0.hasPrefix("master_link_status:up")
                        }
                    }
                    let newer = try await master.withClient { client in
                        await client.send { RedisCommand("PING", .text($0.text)) }
                    }
                    let names = try await master.cli("KEYS", "todo:list:*")
                    #expect(names.contains { $0.contains(newer.identity?.text ?? "?") }, "\(names)")
                }
                #expect(try await clients[1].patch(todo, #"{"title":"new"}"#, token: token).status == 200)
                #expect(try await clients[0].get("/todos", token: token).titles == ["new"])
            }
        }
    }

    /// The connections to the old master stay open, and it still has the list.
    @Test("a master that has become a replica is not used")
    func demoted() async throws {
        try await withReplica { master, replica, url, failOver in
            // Without a rate limit: counting would fail and show that this Redis takes no writes.
            try await RunningServer.with({ $0.redis = url }) { old in
                let client = try await RawClient.connect(to: old)
                let (token, todo) = try await prepare(client)
                try await waitForReplication(to: replica)
                try await replica.cli("REPLICAOF", "NO", "ONE")
                try await master.cli("REPLICAOF", "127.0.0.1", "\(replica.port)")
                try failOver()
                #expect(try await client.get("/todos", token: token).source == "db")
                #expect(try await client.patch(todo, #"{"title":"new"}"#, token: token).status == 200)
                try await waitUntil("the cache is used again") {
                    let list = try await client.get("/todos", token: token)
                    #expect(list.titles == ["new"])
                    return list.source == "cache"
                }
            }
        }
    }

    /// GET and PATCH on one instance while Redis stalls, GET on the other.
    @Test("the other instance shows a write as soon as Redis no longer stalls")
    func stalled() async throws {
        try await TestRedis.with { redis in
            try await RunningServer.withTwo(sharing: redis.url) { servers in
                let clients = try await [RawClient.connect(to: servers[0]), RawClient.connect(to: servers[1])]
                let (token, todo) = try await prepare(clients[0])
                #expect(try await clients[1].get("/todos", token: token).source == "cache")
                redis.pause()
                #expect(try await clients[0].get("/todos", token: token).source == "db")
                let write = try await clients[0].patch(todo, #"{"title":"new"}"#, token: token)
                #expect(write.status == 200)
                #expect(write.headers["cache-status"] == "todos; fwd=method; detail=unconfirmed")
                redis.proceed()
                // While its own connection stalls, the other instance reads the database.
                try await waitUntil("the deletion has arrived", within: .seconds(5)) {
                    #expect(try await clients[0].get("/todos", token: token).titles == ["new"])
                    let list = try await clients[1].get("/todos", token: token)
                    return list.source == "cache" && list.titles == ["new"]
                }
                #expect(try await clients[0].get("/metrics").body.contains("\ntodo_unconfirmed_writes_total 1\n"))
                for _ in 0..<20 { #expect(try await clients[1].get("/todos", token: token).titles == ["new"]) }
            }
        }
    }

    @Test("with refuse, nothing is written while Redis does not respond")
    func refused() async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.writesWithoutRedis = .refuse
            }) { server in
                let client = try await RawClient.connect(to: server)
                let (token, todo) = try await prepare(client)
                redis.pause()
                for _ in 0..<3 {
                    let write = try await client.patch(todo, #"{"title":"new"}"#, token: token)
                    #expect(write.status == 503 && write.headers["retry-after"] == "1", "\(write)")
                    #expect(write.body == #"{"detail":"Redis is unavailable; nothing was written"}"#)
                    #expect(try await client.get("/todos", token: token).titles == ["old"])
                }
                redis.proceed()
                try await waitUntil("writes succeed again") {
                    try await client.patch(todo, #"{"title":"new"}"#, token: token).status == 200
                }
                #expect(try await client.get("/todos", token: token).titles == ["new"])
            }
        }
    }

    @Test(
        "a stall between tombstone and deletion does not expose an old list",
        arguments: TodoWrites.WithoutRedis.allCases)
    func stalledAfterTheTombstone(_ withoutRedis: TodoWrites.WithoutRedis) async throws {
        try await TestRedis.with { redis in
            let gate = Gate()
            try await RunningServer.withTwo(
                sharing: redis.url, { $0.writesWithoutRedis = withoutRedis },
                interpose: { HookedStore($0, beforeChanging: gate.pass) }
            ) { servers in
                let clients = try await [RawClient.connect(to: servers[0]), RawClient.connect(to: servers[1])]
                let (token, todo) = try await prepare(clients[0])
                let writing = Task { try await Self.change(todo, on: servers[0], token) }
                try await waitUntil("the tombstone is placed") { gate.isReached }
                redis.pause()
                gate.open()
                let write = try await writing.value
                switch withoutRedis {
                // The tombstone is confirmed, so lists are blocked.
                case .serve: #expect(write.status == 200 && write.headers["cache-status"] == nil)
                case .refuse: #expect(write.status == 504 && write.headers["retry-after"] == nil)
                }
                redis.proceed()
                try await waitUntil("the cache is used again") {
                    let list = try await clients[1].get("/todos", token: token)
                    #expect(list.titles == ["new"])
                    return list.source == "cache"
                }
            }
        }
    }

    private static func change(_ todo: String, on server: RunningServer, _ token: String) async throws
        -> RawClient.Response
    {
        try await RawClient.connect(to: server).patch(todo, #"{"title":"new"}"#, token: token)
    }

    /// The tombstone is lost, and the other instance stores the old list before the commit.
    @Test(
        "a restart between tombstone and commit does not expose an old list",
        arguments: TodoWrites.WithoutRedis.allCases)
    func restartedAfterTheTombstone(_ withoutRedis: TodoWrites.WithoutRedis) async throws {
        try await TestRedis.with { redis in
            let gate = Gate()
            try await RunningServer.withTwo(
                sharing: redis.url, { $0.writesWithoutRedis = withoutRedis },
                interpose: { HookedStore($0, beforeChanging: gate.pass) }
            ) { servers in
                let clients = try await [RawClient.connect(to: servers[0]), RawClient.connect(to: servers[1])]
                let (token, todo) = try await prepare(clients[0])
                let writing = Task { try await Self.change(todo, on: servers[0], token) }
                try await waitUntil("the tombstone is placed") { gate.isReached }
                redis.kill()
                try await redis.restart()
                try await waitUntil("the old list is stored in the new Redis") {
                    let list = try await clients[1].get("/todos", token: token)
                    #expect(list.titles == ["old"])
                    return list.source == "cache"
                }
                try await waitUntil("the writer's instance is connected") {
                    try await clients[0].get("/ready").body.contains(#""redis":"ok""#)
                }
                gate.open()
                let write = try await writing.value
                #expect(write.status == 200 && write.headers["cache-status"] == nil)
                #expect(try await clients[1].get("/todos", token: token).titles == ["new"])
            }
        }
    }

    /// The end of one write must not unblock fills while another is in progress.
    @Test("a write removes only its own tombstone")
    func concurrentWrites() async throws {
        try await TestRedis.with { redis in
            try await redis.withClient { client in
                let cache = RedisTodoCache(redis: client, namespace: "test", lifetime: .seconds(60))
                let (one, other) = (await cache.beginWrite(1), await cache.beginWrite(1))
                #expect(await cache.lease(1) == .blocked)
                #expect(await cache.endWrite(one) == .certain)
                #expect(await cache.lease(1) == .blocked)
                #expect(await cache.lookup(1) == .miss(nil))
                // Ending a write twice has no further effect.
                #expect(await cache.endWrite(one) == .certain)
                #expect(await cache.lease(1) == .blocked)
                #expect(await cache.endWrite(other) == .certain)
                guard case .taken(let lease) = await cache.lease(1) else {
                    Issue.record("it is still blocked")
                    return
                }
                let abandoned = await cache.beginWrite(1)
                #expect(await !cache.fill(1, with: .init(string: "[]"), under: lease))
                await cache.abandonWrite(abandoned)
                #expect(await cache.lease(1) == .blocked, "the write may yet be committed")
            }
            let keys = try await redis.cli("KEYS", "*").filter { !$0.isEmpty }
            #expect(keys.count == 1)
            let left = try await redis.cli("PTTL", keys.first ?? "").first.flatMap { Int($0) } ?? -1
            #expect((1...8000).contains(left))
        }
    }
}
