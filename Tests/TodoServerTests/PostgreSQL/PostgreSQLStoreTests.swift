import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct PostgreSQLStoreTests {
    private static let sleep = PostgreSQLStatement("sleep", "SELECT pg_sleep($1::float8)")
    private static let one = PostgreSQLStatement("one", "SELECT 1")

    @Test("the store connects over TCP and over a Unix socket", arguments: TestPostgreSQL.Way.allCases)
    func connectsEitherWay(_ way: TestPostgreSQL.Way) async throws {
        let store = try await DatabaseAddress.postgreSQL(TestPostgreSQL.newDatabase(by: way)).open()
        #expect(try await store.todos(of: 1).isEmpty)
        await store.close()
    }

    @Test("a wrong password is rejected, and the error hides it")
    func refusesAWrongPasswordWithoutShowingIt() async throws {
        let right = try await TestPostgreSQL.newDatabase()
        let wrong = try PostgreSQLURL(parsing: right.text.replacing("a%20pass%2Fword", with: "mistaken"))
        let error = try await #require(throws: PostgreSQLError.self) {
            try await DatabaseAddress.postgreSQL(wrong).open()
        }
        guard case .unreachable(let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.contains("password authentication failed"))
        #expect(!"\(error)".contains("mistaken"))
    }

    @Test("a database with another encoding than UTF8 is rejected")
    func refusesOtherEncodings() async throws {
        let url = try await TestPostgreSQL.newDatabase(encoding: "LATIN1")
        await #expect(throws: PostgreSQLMigrations.WrongEncoding.self) {
            try await DatabaseAddress.postgreSQL(url).open()
        }
    }

    @Test("tables from a newer release are rejected")
    func refusesNewerTables() async throws {
        let url = try await TestPostgreSQL.newDatabase()
        await (try DatabaseAddress.postgreSQL(url).open()).close()
        do {
            var connection = try PostgreSQLConnection.connect(to: url, within: .seconds(10))
            try connection.run(script: "UPDATE todo_server_schema SET version = 99", within: .seconds(10))
        }
        await #expect(throws: NewerSchema.self) { try await DatabaseAddress.postgreSQL(url).open() }
    }

    /// Six instances start at the same time, and none finds any tables.
    @Test("several instances can start on an empty database concurrently")
    func manyInstancesStartAtOnce() async throws {
        let address = DatabaseAddress.postgreSQL(try await TestPostgreSQL.newDatabase())
        let identities = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let store = try await address.open()
                    await store.close()
                    return store.identity
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(identities.count == 1)
    }

    @Test("a statement over its time limit is cancelled, and the connection stays usable")
    func aStatementIsEndedInTime() async throws {
        let url = try await TestPostgreSQL.newDatabase()
        var connection = try PostgreSQLConnection.connect(to: url, within: .seconds(10))
        try connection.run(script: "SET statement_timeout = '100ms'", within: .seconds(10))
        do {
            _ = try connection.run(Self.sleep, ["60"])
            Issue.record("it slept")
        } catch {
            guard case .refused("57014", _) = error else { throw error }
            #expect(error.response.status == .serviceUnavailable)
        }
        let isInOrder = connection.isInOrder
        #expect(isInOrder, "the connection can run the next statement")
        let one = try connection.run(Self.one).integer(0, 0)
        #expect(one == 1)
    }

    @Test("a connection without a response in time is abandoned")
    func aSilentConnectionIsGivenUp() async throws {
        let url = try await TestPostgreSQL.newDatabase()
        var connection = try PostgreSQLConnection.connect(to: url, within: .seconds(10))
        let start = ContinuousClock.now
        do {
            _ = try connection.run(Self.sleep, ["30"], within: .milliseconds(300))
            Issue.record("it slept")
        } catch {
            guard case .timedOut = error else { throw error }
        }
        #expect(ContinuousClock.now - start < .seconds(10))
        let isInOrder = connection.isInOrder
        #expect(!isInOrder)
    }

    @Test("jobs are rejected when the queue is full")
    func boundsItsQueue() async throws {
        let url = try await TestPostgreSQL.newDatabase()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let pool = PostgreSQLPool(url: url, connections: 1, capacity: 2, logger: logger)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await pool.run(.read) { connection in
                            _ = try connection.run(Self.sleep, ["0.1"])
                        }
                        return true
                    } catch {
                        guard case .queueFull? = error as? PostgreSQLError else {
                            Issue.record("\(error)"); return true
                        }
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(true) && outcomes.contains(false), "\(outcomes)")
        await pool.shutdown()
    }
}
