import CPostgres
import Foundation

/// Reads what PostgreSQL counts for one database, over a connection of its own.
///
/// Each reading is a transaction itself and is left out of the count.
final class PostgreSQLObserver: Observer {
    private let name: String
    private let password: String?
    private let connection: OpaquePointer
    private var readings = 0.0

    /// Limit on connecting and on each query, in seconds.
    private static let timeLimit = 2

    private static let query = """
        SELECT xact_commit + xact_rollback, tup_returned + tup_inserted + tup_updated + tup_deleted, blks_hit + blks_read
        FROM pg_stat_database WHERE datname = current_database()
        """
    private static let columns: [ObservedMetric] = [.transactions, .rows, .blocks]

    init(_ url: String) throws(ObservationError) {
        name = ObservationSource.postgres(url).name
        password = URLComponents(string: url)?.password
        let parameters = [
            ("dbname", url), ("fallback_application_name", "gauntlet"), ("connect_timeout", "\(Self.timeLimit)"),
        ]
        let keywords = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { for copy in keywords + values { free(copy) } }
        let made = PQconnectdbParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        guard let made else { throw ObservationError("\(name): out of memory") }
        connection = made
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        guard PQstatus(connection) == CONNECTION_OK else { throw failure }
    }

    deinit { PQfinish(connection) }

    func read() throws(ObservationError) -> Reading {
        let before = MonotonicInstant.now()
        guard PQsendQuery(connection, Self.query) == 1 else { throw failure }
        var values: [ObservedMetric: Double] = [:]
        while let result = try nextResult() {
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_TUPLES_OK else { throw failure }
            guard PQntuples(result) == 1, PQnfields(result) == Self.columns.count else { continue }
            for (column, metric) in Self.columns.enumerated() {
                values[metric] = PQgetvalue(result, 0, Int32(column)).flatMap { Double(String(cString: $0)) }
            }
        }
        guard let transactions = values[.transactions] else {
            throw ObservationError("\(name): pg_stat_database has no figures")
        }
        values[.transactions] = transactions - readings
        readings += 1
        let after = MonotonicInstant.now()
        return Reading(time: before + (after - before) / 2, values: values)
    }

    /// The next result of the query, which the caller clears; nil after the last.
    private func nextResult() throws(ObservationError) -> OpaquePointer? {
        let deadline = MonotonicInstant.now() + UInt64(Self.timeLimit) * 1_000_000_000
        while PQisBusy(connection) == 1 {
            let now = MonotonicInstant.now()
            guard now < deadline else { throw ObservationError("\(name): no reply within \(Self.timeLimit) s") }
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, Int32((deadline - now) / 1_000_000 + 1)) >= 0 || errno == EINTR else {
                throw ObservationError("\(name): \(String(cString: strerror(errno)))")
            }
            guard descriptor.revents == 0 || PQconsumeInput(connection) == 1 else { throw failure }
        }
        return PQgetResult(connection)
    }

    /// libpq's last error, on one line. It may quote the URL, but not the password.
    private var failure: ObservationError {
        var text = String(cString: PQerrorMessage(connection))
        if let password, !password.isEmpty { text = text.replacing(password, with: "***") }
        return ObservationError("\(name): \(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))")
    }
}
