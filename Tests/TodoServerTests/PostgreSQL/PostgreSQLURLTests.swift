import Testing

@testable import TodoServer

@Suite struct PostgreSQLURLTests {
    @Test(
        "an address is shown with its password masked",
        arguments: [
            ("postgres://localhost/todos", "postgres://localhost/todos"),
            ("postgresql://me:pa%40ss@db:6432/todos", "postgres://me:********@db:6432/todos"),
            ("postgres://me@/todos?host=/run/postgresql", "postgres://me@/todos?host=/run/postgresql"),
            (
                "postgres://db/todos?user=me&password=secret&sslmode=require",
                "postgres://me:********@db/todos?sslmode=require"
            ),
            ("postgres://", "postgres:///"),
        ])
    func isShownWithoutItsSecrets(_ text: String, _ shown: String) throws {
        #expect(try PostgreSQLURL(parsing: text).description == shown)
        #expect(try DatabaseAddress(parsing: text).description == shown)
    }

    @Test(
        "an invalid address is rejected",
        arguments: [
            "postgres://db/todos?no=such", "postgres://me:%zz@db/todos", "postgres://[::1/todos", "db",
            "postgres://me:sec/ret@db/todos", "postgres://me:s@cret@db/todos",
        ])
    func refusesWhatIsNone(_ text: String) {
        #expect(throws: PostgreSQLURL.ParsingError.self) { try PostgreSQLURL(parsing: text) }
    }

    @Test("an address without a scheme is an SQLite file")
    func otherwiseItIsAFile() throws {
        #expect(try DatabaseAddress(parsing: "todos.sqlite") == .sqlite(path: "todos.sqlite"))
        #expect(try DatabaseAddress(parsing: "postgres.db") == .sqlite(path: "postgres.db"))
        for text in ["", "mysql://db/todos", "POSTGRES://db", "host=db password=secret"] {
            #expect(throws: DatabaseAddress.UnknownScheme.self) { try DatabaseAddress(parsing: text) }
        }
    }

    @Test(
        "text with NULs and backslashes is decoded unchanged",
        arguments: ["", "plain", #"\"#, "\0", #"\0"#, "a\0\\0\\\\b", "é\0\u{1F3F3}"])
    func textComesBackAsItWas(_ text: String) {
        let encoded = PostgreSQLText.encode(text)
        #expect(!encoded.utf8.contains(0))
        #expect(Array(PostgreSQLText.decode(encoded).utf8) == Array(text.utf8))
    }
}
