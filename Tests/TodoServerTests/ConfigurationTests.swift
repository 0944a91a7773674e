import Logging
import Testing
import TestSupport

@testable import TodoServer

@Suite struct ConfigurationTests {
    private func configuration(_ change: (inout Configuration) throws -> Void) rethrows -> Configuration {
        var configuration = Configuration()
        try change(&configuration)
        return configuration
    }

    @Test("the default configuration is valid")
    func theDefaultsAreValid() {
        #expect(throws: Never.self) { try Configuration().validate() }
    }

    @Test(
        "the demonstration password is allowed on loopback", arguments: ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
    func loopbackMayUseTheDemonstrationPassword(_ host: String) {
        #expect(throws: Never.self) { try configuration { $0.host = host }.validate() }
    }

    @Test(
        "the demonstration password is rejected on any other address",
        arguments: ["0.0.0.0", "::", "192.0.2.1", "127.example.com", "example.com"], [nil, "admin123"])
    func elsewhereIsRefusedWithIt(_ host: String, _ password: String?) {
        let configuration = configuration {
            $0.host = host
            $0.adminPassword = password
        }
        #expect(throws: Configuration.Invalid.self) { try configuration.validate() }
    }

    @Test("another password is allowed on any address")
    func elsewhereIsFineWithAnother() {
        let configuration = configuration {
            $0.host = "0.0.0.0"
            $0.adminPassword = "another one"
        }
        #expect(throws: Never.self) { try configuration.validate() }
    }

    @Test(
        "a trusted proxy requires a password other than the documented one",
        arguments: [nil, "admin123", "another one"])
    func proxiesAreRefusedWithIt(_ password: String?) throws {
        let configuration = try configuration {
            $0.trustedProxies = try AddressBlock.list(parsing: "127.0.0.1")
            $0.adminPassword = password
        }
        if password == "another one" {
            #expect(throws: Never.self) { try configuration.validate() }
        } else {
            let error = #expect(throws: Configuration.Invalid.self) { try configuration.validate() }
            #expect(error?.description.contains("TODO_ADMIN_PASSWORD") == true)
        }
    }

    @Test("an invalid setting is rejected")
    func refusesWhatCannotBe() {
        let changes: [(inout Configuration) -> Void] = [
            { $0.port = -1 }, { $0.port = 65_536 }, { $0.cacheLifetime = 0 }, { $0.cacheLifetime = 61 },
            { $0.tokenLifetime = 0 }, { $0.bcryptCost = 3 }, { $0.bcryptCost = 17 }, { $0.threads = 0 },
            { $0.tokenSecret = String(repeating: "x", count: 31) },
            {
                $0.tokenSecret = String(repeating: "x", count: 32)
                $0.previousTokenSecret = String(repeating: "x", count: 31)
            },
            { $0.previousTokenSecret = String(repeating: "x", count: 32) }, { $0.maxConnections = 0 },
            { $0.maxTodosPerUser = 0 }, { $0.maxTodosPerUser = 100_001 },
            { $0.maxConnectionsPerAddress = 0 }, { $0.limits.memory = 15 << 20 }, { $0.limits.readRate = -1 },
            { $0.databaseConnections = 0 }, { $0.databaseConnections = 257 }, { $0.redisTimeout = 0 },
            { $0.redisTimeout = 10_001 }, { $0.redisCAFile = "/etc/hosts" },
            { $0.adminPassword = "short" },
            {
                $0.rateLimitKind = .slidingWindow
                $0.rateLimit = RateLimitPolicy(limit: 10_001, windowSeconds: 1)
            },
            { $0.adminPassword = String(repeating: "x", count: 73) },
        ]
        for (number, change) in changes.enumerated() {
            #expect(throws: Configuration.Invalid.self, "change \(number)") { try configuration(change).validate() }
        }
    }

    @Test("a configured password replaces the administrator's, and without one it stays")
    func theAdministratorsPasswordFollowsTheConfiguration() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore(path: directory + "/todos.sqlite")
            let passwords = Passwords(cost: 4, pool: WorkerPool(name: "test", threads: 1, capacity: 16))
            let administrator = Administrator(users: store, passwords: passwords)
            func opens(_ password: String) async throws -> Bool {
                try await passwords.verify(password, against: store.user(named: "admin")?.passwordHash)
            }
            try await administrator.prepare(password: nil)
            #expect(try await opens("admin123"))
            try await administrator.prepare(password: "another one")
            #expect(try await opens("another one"))
            try await administrator.prepare(password: nil)
            #expect(try await opens("another one"))
            #expect(try await !opens("admin123"))
            await store.close()
        }
    }

    @Test("the settings are listed with their secrets masked")
    func printsNoSecret() throws {
        let configuration = try configuration {
            $0.tokenSecret = String(repeating: "s", count: 32)
            $0.previousTokenSecret = String(repeating: "p", count: 32)
            $0.adminPassword = "adminsecret"
            $0.redis = try RedisURL(parsing: "redis://user:redissecret@127.0.0.1:6380/2")
            $0.database = try DatabaseAddress(parsing: "postgres://user:databasesecret@db/todos")
        }
        let text = Setting.all.map { "\($0.name) = \($0.text(in: configuration))" }.joined(separator: "\n")
        for secret in ["ssss", "pppp", "adminsecret", "redissecret", "databasesecret"] {
            #expect(!text.contains(secret))
        }
        #expect(text.contains("redis = redis://user:********@127.0.0.1:6380/2"))
        #expect(text.contains("database = postgres://user:********@db/todos"))
        #expect(text.contains("rate-limit = 5/10s"))
    }

    /// Libraries log what they are given. A service group logs its services at `debug`.
    @Test("descriptions of a configuration and of an application contain no secret")
    func isShownWithoutItsSecrets() throws {
        let configuration = try configuration {
            $0.tokenSecret = "hidden-" + String(repeating: "x", count: 32)
            $0.previousTokenSecret = "hidden-too-" + String(repeating: "x", count: 32)
            $0.adminPassword = "hidden as well"
            $0.database = try DatabaseAddress(parsing: "postgres://me:hidden@db/todos")
            $0.redis = try RedisURL(parsing: "redis://:hidden@cache")
        }
        let application = try Application(configuration, logger: Logger(label: "test")) { _ in }
        for text in [
            "\(configuration)", String(reflecting: configuration), "\(application)", String(reflecting: application),
            "\([application])",
        ] {
            #expect(!text.contains("hidden"), "\(text)")
        }
    }
}
