import Foundation
import GRDB
import NIOConcurrencyHelpers

/// Todos and users in an SQLite file. Every write that has returned is on the disk (`synchronous=FULL`).
package final class SQLiteStore: Store {
    private let database: DatabasePool
    private let readers: WorkerPool
    private let writer: WriteQueue
    package let identity: String

    /// Opens the file, makes it where there is none, and brings its tables up to date.
    /// - Parameter busyTimeout: seconds that a lock of another process is waited for.
    package init(path: String, busyTimeout: Double = 5) throws {
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
        readers = WorkerPool(name: "database reads", threads: 4, capacity: 512)
        writer = WriteQueue(database: database, capacity: 1024)
    }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await readers.run { [database] in try database.unsafeRead(body) }
        } catch let error as DatabaseError {
            throw SQLiteFailure(error)
        }
    }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await writer.write(body)
        } catch let error as DatabaseError {
            throw SQLiteFailure(error)
        }
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

    init(_ error: DatabaseError) {
        self.error = error
    }

    var description: String { error.description }

    var response: Response {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR:
            Response(.overloaded(retryAfterSeconds: 1), cause: self)
        default: Response(.internalError, cause: self)
        }
    }
}
