import CPostgres

/// A statement's result, in text format.
struct PostgreSQLResult: ~Copyable {
    private let raw: OpaquePointer

    /// Takes ownership of the result.
    init(_ raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        PQclear(raw)
    }

    var rowCount: Int { Int(PQntuples(raw)) }

    /// The number of rows that an `INSERT`, `UPDATE` or `DELETE` affected.
    var affectedCount: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    /// A value, which must not be null.
    func text(_ row: Int, _ column: Int) -> String {
        let count = Int(PQgetlength(raw, Int32(row), Int32(column)))
        let start = UnsafeRawPointer(PQgetvalue(raw, Int32(row), Int32(column)))
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func integer(_ row: Int, _ column: Int) -> Int64 {
        Int64(text(row, column)) ?? 0
    }

    func bool(_ row: Int, _ column: Int) -> Bool {
        PQgetvalue(raw, Int32(row), Int32(column))[0] == CChar(bitPattern: UInt8(ascii: "t"))
    }

    /// The error that the statement failed with; nil if it succeeded.
    var failure: PostgreSQLError? {
        switch PQresultStatus(raw) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: nil
        default: .refused(state: field("C"), message: field("M"))
        }
    }

    /// A field of the error: `C` is the SQLSTATE, `M` the message. Other fields are not read: they may contain values.
    private func field(_ code: Unicode.Scalar) -> String {
        PQresultErrorField(raw, Int32(code.value)).map { String(cString: $0) } ?? "unknown"
    }
}
