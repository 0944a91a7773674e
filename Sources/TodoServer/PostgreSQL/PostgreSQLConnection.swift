import CPostgres
import Glibc
import NIOCore

/// A connection to PostgreSQL, for use by one thread at a time. Every call blocks, but no longer than its time limit.
struct PostgreSQLConnection: ~Copyable {
    private let raw: OpaquePointer?
    private var prepared: Set<String> = []
    private var isGivenUp = false
    /// An upper bound on every statement's own time limit.
    var deadline = NIODeadline.distantFuture

    /// Takes ownership of the connection. libpq treats null as a failed connection, and so does this type.
    private init(_ raw: OpaquePointer?) {
        self.raw = raw
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
    }

    /// Connects to the server.
    /// - Parameter time: time limit, not counting the lookup of the host's name.
    static func connect(
        to url: PostgreSQLURL, within time: TimeAmount
    ) throws(PostgreSQLError) -> PostgreSQLConnection {
        let connection = PostgreSQLConnection(
            withCStrings(["dbname", "client_encoding", "fallback_application_name"]) { keywords in
                withCStrings([url.text, "UTF8", "todo-server"]) { PQconnectStartParams(keywords, $0, 1) }
            })
        try connection.finishConnecting(by: .now() + time)
        return connection
    }

    deinit {
        PQfinish(raw)
    }

    private func finishConnecting(by deadline: NIODeadline) throws(PostgreSQLError) {
        guard PQstatus(raw) != CONNECTION_BAD else { throw .unreachable(message) }
        var direction = POLLOUT
        while true {
            do {
                try wait(for: direction, until: deadline)
            } catch {
                throw .unreachable("the connection attempt timed out")
            }
            switch PQconnectPoll(raw) {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: direction = POLLIN
            case PGRES_POLLING_WRITING: direction = POLLOUT
            default: throw .unreachable(message)
            }
        }
    }

    /// Whether the connection can run another statement. An idle connection only becomes readable when it ends.
    var isInOrder: Bool {
        guard !isGivenUp, PQstatus(raw) == CONNECTION_OK else { return false }
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// A setting that the server reports on connecting, such as `server_encoding`.
    func reported(_ name: StaticString) -> String? {
        PQparameterStatus(raw, name.cString).map { String(cString: $0) }
    }

    /// Runs a statement with text parameters; nil is null. No parameter may contain a NUL.
    /// - Throws: an error with `isLoss` only if the whole statement was sent. Otherwise nothing was done.
    mutating func run(
        _ statement: PostgreSQLStatement, _ parameters: [String?] = [], within time: TimeAmount = .seconds(5)
    ) throws(PostgreSQLError) -> PostgreSQLResult {
        let deadline = min(deadline, .now() + time)
        let name = statement.name.description
        if !prepared.contains(name) {
            try sent(PQsendPrepare(raw, statement.name.cString, statement.sql.cString, 0, nil))
            do {
                _ = try result(by: deadline)
            } catch {
                throw error.isLoss ? .unreachable(error.description) : error
            }
            prepared.insert(name)
        }
        try sent(
            withCStrings(parameters) {
                PQsendQueryPrepared(raw, statement.name.cString, Int32(parameters.count), $0, nil, nil, 0)
            })
        return try result(by: deadline)
    }

    /// Runs several statements without parameters, in one transaction unless they contain transaction commands.
    mutating func run(script: String, within time: TimeAmount) throws(PostgreSQLError) {
        try sent(PQsendQuery(raw, script))
        _ = try result(by: .now() + time)
    }

    /// Checks a send. A request that was not sent in full lacks its end, without which PostgreSQL commits nothing.
    private func sent(_ status: Int32) throws(PostgreSQLError) {
        guard status == 1 else { throw .unreachable(message) }
    }

    /// Waits for all results and returns the last one. Throws the first failure, if any.
    private mutating func result(by deadline: NIODeadline) throws(PostgreSQLError) -> PostgreSQLResult {
        var last: PostgreSQLResult?
        var failure: PostgreSQLError?
        while true {
            while PQisBusy(raw) == 1 {
                do {
                    try wait(for: POLLIN, until: deadline)
                } catch {
                    isGivenUp = true
                    throw error
                }
                guard PQconsumeInput(raw) == 1 else { throw .disconnected(message) }
            }
            guard let next = PQgetResult(raw) else { break }
            let result = PostgreSQLResult(next)
            failure = failure ?? result.failure
            last = consume result
        }
        guard PQstatus(raw) == CONNECTION_OK else { throw .disconnected(message) }
        if let failure { throw failure }
        guard let last = last.take() else { throw .disconnected("no result") }
        return last
    }

    private func wait(for direction: Int32, until deadline: NIODeadline) throws(PostgreSQLError) {
        while true {
            let left = (deadline - .now()).nanoseconds
            guard left > 0 else { throw .timedOut }
            var descriptor = pollfd(fd: PQsocket(raw), events: Int16(direction), revents: 0)
            // A closed connection also counts as ready. The next read reports it.
            if poll(&descriptor, 1, Int32(min(left / 1_000_000 + 1, 60_000))) > 0 { return }
        }
    }

    /// libpq's last error message, on one line.
    private var message: String {
        String(cString: PQerrorMessage(raw)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// Passes the texts to a closure as C strings; nil becomes null.
private func withCStrings<Value>(
    _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
    let copies = texts.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    // The trailing null terminates a list of keywords, and keeps the array from being empty.
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a non-empty array has a base address") }
        return body(start)
    }
}
