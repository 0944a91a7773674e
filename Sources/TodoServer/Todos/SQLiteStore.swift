import Foundation
import GRDB
import NIOConcurrencyHelpers

/// Stores todos and users in an SQLite file. A write that has returned is on disk (`synchronous=FULL`).
package final class SQLiteStore: Store {
    private let database: DatabasePool
    private let readers: WorkerPool
    private let writer: WriteQueue
    private let calls: DatabaseCalls
    package let identity: String
    /// Nil for no limit.
    let maxTodosPerUser: Int?

    /// Opens the file, creating it if necessary, and migrates its tables.
    /// - Parameter busyTimeout: seconds to wait for another process's lock.
    package init(
        path: String, maxTodosPerUser: Int? = nil, busyTimeout: Double = 5, times: DatabaseTimes = DatabaseTimes()
    ) throws {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 4
        database = try DatabasePool(path: path, configuration: configuration)
        identity = try database.writeWithoutTransaction { database in
            // GRDB opens pools with NORMAL, which can lose the last commits in a power failure.
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

/// An SQLite error, mapped to a response. A locked file or a full disk is temporary: 503.
struct SQLiteFailure: ResponseError, CustomStringConvertible {
    private let error: DatabaseError
    private let isOfCommit: Bool

    /// - Parameter isOfCommit: whether the commit failed, rather than a statement.
    init(_ error: DatabaseError, isOfCommit: Bool = false) {
        self.error = error
        self.isOfCommit = isOfCommit
    }

    /// Wraps an SQLite error; returns any other error unchanged.
    static func wrapping(_ error: any Error, isOfCommit: Bool = false) -> any Error {
        (error as? DatabaseError).map { SQLiteFailure($0, isOfCommit: isOfCommit) } ?? error
    }

    var description: String { isOfCommit ? "the commit failed: \(error)" : error.description }

    var response: Response {
        switch error.resultCode {
        // These leave no complete commit record in the file.
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL: Response(.overloaded(retryAfterSeconds: 1), cause: self)
        // The commit record may be in the file although the sync failed. It takes effect if the process ends before
        // another write replaces it.
        case _ where isOfCommit: Response(.outcomeUnknown, cause: self)
        case .SQLITE_IOERR: Response(.overloaded(retryAfterSeconds: 1), cause: self)
        default: Response(.internalError, cause: self)
        }
    }
}
