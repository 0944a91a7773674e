import Foundation
import GRDB
import NIOConcurrencyHelpers

/// Todos and users in an SQLite file. Every write that has returned is on the disk (`synchronous=FULL`).
package final class SQLiteStore: Store {
    private let database: DatabasePool
    private let readers: WorkerPool
    private let writer: WriteQueue
    private let calls: DatabaseCalls
    package let identity: String
    /// Nil for no limit.
    let maxTodosPerUser: Int?

    /// Opens the file, makes it where there is none, and brings its tables up to date.
    /// - Parameter busyTimeout: seconds that a lock of another process is waited for.
    package init(
        path: String, maxTodosPerUser: Int? = nil, busyTimeout: Double = 5, times: DatabaseTimes = DatabaseTimes()
    ) throws {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 4
        database = try DatabasePool(path: path, configuration: configuration)
        identity = try database.writeWithoutTransaction { database in
            // GRDB opens pools with NORMAL, which may lose the last commits to a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try SQLiteMigrations.run(in: database)
            return try String.fetchOne(database, sql: "SELECT value FROM identity") ?? ""
        }
        self.maxTodosPerUser = maxTodosPerUser
        readers = WorkerPool(name: "database reads", threads: 4, capacity: 512)
        writer = WriteQueue(database: database, capacity: 1024)
        calls = DatabaseCalls(times: times)
    }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await calls.run(.read) { (call: DatabaseCall<Value>) in
            do {
                try readers.submit { [database] isActive in
                    guard isActive else { return call.finish(.failure(DatabaseFailure.stopping)) }
                    guard call.begin() else { return }
                    call.finish(Result { try database.unsafeRead(body) }.mapError { SQLiteFailure.wrapping($0) })
                }
            } catch {
                call.finish(.failure(error))
            }
        }
    }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await calls.run(.write) { writer.enqueue($0, body) }
    }

    package func close() async {
        await readers.shutdown()
        await writer.shutdown()
        try? database.close()
    }
}

/// SQLite could not do it. A file that is locked or a disk that is full may be better in a moment.
struct SQLiteFailure: ResponseError, CustomStringConvertible {
    private let error: DatabaseError
    private let isOfCommit: Bool

    /// - Parameter isOfCommit: whether it was the commit that failed.
    init(_ error: DatabaseError, isOfCommit: Bool = false) {
        self.error = error
        self.isOfCommit = isOfCommit
    }

    /// The failure that is an error of SQLite; other errors stay what they are.
    static func wrapping(_ error: any Error, isOfCommit: Bool = false) -> any Error {
        (error as? DatabaseError).map { SQLiteFailure($0, isOfCommit: isOfCommit) } ?? error
    }

    var description: String { isOfCommit ? "the commit failed: \(error)" : error.description }

    var response: Response {
        switch error.resultCode {
        // These leave no complete commit record behind.
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL: Response(.overloaded(retryAfterSeconds: 1), cause: self)
        // The commit record may be in the file although it was not synced: it counts if the process ends before another
        // write replaces it.
        case _ where isOfCommit: Response(.outcomeUnknown, cause: self)
        case .SQLITE_IOERR: Response(.overloaded(retryAfterSeconds: 1), cause: self)
        default: Response(.internalError, cause: self)
        }
    }
}
