/// A statement that each connection prepares once, under its name. Both are constants of the program by their type:
/// no value can get into the SQL but as a parameter.
struct PostgreSQLStatement: Sendable {
    let name: StaticString
    let sql: StaticString

    init(_ name: StaticString, _ sql: StaticString) {
        self.name = name
        self.sql = sql
    }
}

extension StaticString {
    /// Ends in a NUL, as C wants it.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}
