/// A statement that each connection prepares once, under its name.
///
/// `StaticString` makes both compile-time constants, so values can only reach the SQL as parameters.
struct PostgreSQLStatement: Sendable {
    let name: StaticString
    let sql: StaticString

    init(_ name: StaticString, _ sql: StaticString) {
        self.name = name
        self.sql = sql
    }
}

extension StaticString {
    /// The string as a NUL-terminated C string.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}
