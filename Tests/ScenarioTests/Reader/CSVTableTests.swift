import Testing

@testable import Scenario

struct CSVTableTests {
    private static func read(_ csv: String, variables: String = "{}") throws(InvalidFile) -> Scenario {
        try read(Array(csv.utf8), variables: variables)
    }

    private static func read(
        _ csv: [UInt8], variables: String = "{}", named name: String = "rows.csv"
    ) throws(InvalidFile) -> Scenario {
        let text =
            #"{ "name": "n", "variables": \#(variables), "data": { "file": "\#(name)" }, "steps": [ { "id": "s", "sleep": "1s" } ] }"#
        return try ScenarioReader.read(
            SourceFile(path: "a.json", bytes: Array(text.utf8)),
            sources: ScenarioReader.Sources { path, _ in SourceFile(path: path, bytes: csv) })
    }

    private static func rows(_ csv: String) throws -> [[String: JSON]] {
        try read(csv).data?.rows.map { row in
            Dictionary(uniqueKeysWithValues: try row.map { ($0.name, try $0.value.render(Fixture.scope())) })
        } ?? []
    }

    @Test("a quoted field may contain commas, quotes and line breaks")
    func quoted() throws {
        #expect(try Self.rows("a,b\r\n\"1\r\n2\",\"x\ny\"\r\n") == [["a": "1\r\n2", "b": "x\ny"]])
        #expect(try Self.rows("a,b\n\"1,2\",\"say \"\"so\"\"\"") == [["a": "1,2", "b": "say \"so\""]])
        #expect(try Self.rows("a,\"b\"\n\"\",\n") == [["a": "", "b": ""]])
    }

    @Test("lines end in LF or CR LF, and a byte order mark is ignored")
    func lines() throws {
        #expect(try Self.rows("\u{FEFF}a,b\r\n1,2\r\n\r\n3,ü\n\n") == [["a": "1", "b": "2"], ["a": "3", "b": "ü"]])
        #expect(try Self.rows("a\n1\n\n2\n") == [["a": "1"], ["a": ""], ["a": "2"]])
    }

    @Test(
        "an invalid table is reported at its place",
        arguments: [
            ("a,b\n1,2\n3\n", "3:1 row 2 has 1 field, but the header has 2"),
            ("a,b\n1,2,3\n", "2:1 row 1 has 3 fields, but the header has 2"),
            ("a,b\n1,\"2\n3,4\n", "2:3 this quoted field is not closed"),
            ("a,b\n1,2\"\n", "2:4 unexpected quote in an unquoted field"),
            ("a,b\n1,\"2\"3\n", "2:6 unexpected text after the closing quote"),
            ("a,b,a\n1,2,3\n", "1:5 duplicate column \"a\""),
            ("a,,c\n1,2,3\n", "1:3 column 2 has no name"),
            ("a,b\nü,\u{FF}\n", "2:3 this field is not valid UTF-8"),
        ])
    func faults(_ text: String, _ message: String) throws {
        // U+00FF stands for the byte 0xFF, which never occurs in UTF-8.
        let bytes = text.unicodeScalars.flatMap { $0.value == 0xFF ? [0xFF] : Array(String($0).utf8) }
        let error = #expect(throws: InvalidFile.self) { try Self.read(bytes) }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(error?.diagnostics.count == 1 && diagnostic.file.path == "rows.csv")
        #expect("\(diagnostic.position.line):\(diagnostic.position.column) \(diagnostic.message)" == message)
    }

    @Test("a table without rows is reported where the file is named", arguments: ["a,b\n", "a,b", ""])
    func empty(_ text: String) throws {
        let error = #expect(throws: InvalidFile.self) { try Self.read(text) }
        #expect(error?.diagnostics.map(\.message) == ["rows.csv has no rows"])
        #expect(error?.diagnostics.map(\.file.path) == ["a.json"])
    }

    @Test("a value takes the type of its variable in the file")
    func types() throws {
        let scenario = try Self.read(
            "count,flag,name,later\n3,true,7,8\n3,true,7,x\n",
            variables: #"{ "count": 1, "flag": false, "next": "{{count}}", "later": "{{count}}" }"#)
        let rows = try #require(scenario.data?.rows)
        let context = Fixture.scope().context
        #expect(
            try scenario.initialScope(row: rows[0], context: context).variables
                == ["count": 3, "flag": true, "name": "7", "next": 3, "later": 8])
        #expect(
            try scenario.initialScope(given: ["count": "4"], row: rows[0], context: context).variables["count"] == 4)
        let error = #expect(throws: Diagnostic.self) { try scenario.initialScope(row: rows[1], context: context) }
        #expect(error?.message == "the value given for the variable \"later\" is not of type number")
    }

    @Test("a value that does not fit a known type is reported before anything is sent")
    func wrongTypes() throws {
        let csv = "count,flag\n3,true\nx,no\ny,true\n"
        let error = #expect(throws: InvalidFile.self) {
            try Self.read(csv, variables: #"{ "count": 1, "flag": { "env": "F", "default": false } }"#)
        }
        let told = error?.diagnostics.map { "\($0.file.path):\($0.position.line):\($0.position.column) \($0.message)" }
        #expect(
            told == [
                #"rows.csv:3:1 expected a value of type number, the type of the variable "count""#,
                #"rows.csv:3:3 expected a value of type boolean, the type of the variable "flag""#,
            ])
        _ = try Self.read(csv, variables: #"{ "count": "1", "flag": { "env": "F" } }"#)
    }

    @Test(
        "no message shows rows of a table with a secret column",
        arguments: ["user,pw\n1,Sup3rS3cret\nada,\"Sup3rS3cret", "n,pw\nx,Sup3rS3cret\n"])
    func secrets(_ csv: String) throws {
        let secret = #"{ "n": 1, "pw": { "value": "", "secret": true } }"#
        for (variables, isShown) in [(#"{ "n": 1 }"#, true), (secret, false)] {
            let error = #expect(throws: InvalidFile.self) { try Self.read(csv, variables: variables) }
            let text = try #require(error).description
            #expect(text.contains("Sup3rS3cret") == isShown, "\(text)")
            #expect(text.contains("rows.csv:\(csv.hasPrefix("n") ? 2 : 3):"))
        }
    }

    @Test("the file extension is case-insensitive")
    func ending() throws {
        #expect(try Self.read(Array("a\n1\n".utf8), named: "ROWS.CSV").data?.rows.count == 1)
    }

    @Test("values of JSON rows keep their types")
    func json() throws {
        let scenario = try Fixture.read(
            #"{ "name": "n", "variables": { "count": 1 }, "data": { "rows": [ { "count": "3" } ] }, "steps": [ { "id": "s", "sleep": "1s" } ] }"#
        )
        let row = try #require(scenario.data?.rows.first)
        #expect(try scenario.initialScope(row: row, context: Fixture.scope().context).variables == ["count": "3"])
    }
}
