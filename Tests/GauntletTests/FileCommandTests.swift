import Foundation
import TestSupport
import Testing

/// Commands that need no server, and errors that are found before a server is contacted.
@Suite(.timeLimit(.minutes(1)))
struct FileCommandTests {
    @Test("query prints values or paths, and rejects invalid JSON and invalid paths with 2")
    func query() async throws {
        let text = #"{"a":[1,2.50,{"b":null}],"c":"ü"}"#
        let values = try await Program.gauntlet("query", "$.a[*]", input: text)
        #expect(values.output == "[1,2.50,{\"b\":null}]\n")
        #expect(values.code == 0)
        let paths = try await Program.gauntlet("query", "--paths", "$..b", input: text)
        #expect(paths.output == "[\"$['a'][2]['b']\"]\n")
        #expect(try await Program.gauntlet("query", "$.none", input: text).output == "[]\n")
        for (path, input) in [("$.a[", text), ("$", "{'a':1}"), ("$", "[1,]"), ("$", ""), ("$", "// c\n1")] {
            let wrong = try await Program.gauntlet("query", path, input: input)
            #expect(wrong.code == 2, "\(path) \(input)")
            #expect(wrong.errors.contains("-->"))
        }
        #expect(try await Program.gauntlet("query", "$", "/nowhere/none.json").code == 2)
    }

    @Test("a path that is not UTF-8 is rejected, but one that contains U+FFFD is not")
    func queryEncoding() async throws {
        let program = try Programs.built("gauntlet")
        for (path, code) in [(#"\377"#, Int32(2)), (#"\357\277\275"#, 0)] {
            let result = try await Program.shell("'\(program)' query \"$(printf '$.\(path)')\"", input: "{}")
            #expect(result.code == code, "\(path): \(result)")
        }
    }

    @Test("fmt formats files and keeps comments, and fmt --check lists what would change")
    func format() async throws {
        let untidy = "{ // why\n\"name\":\"n\",\n\n\"steps\":[{\"id\":\"a\",\"sleep\":\"1s\"},]}"
        try await TemporaryDirectory.with { directory in
            try Data(untidy.utf8).write(to: URL(filePath: "\(directory)/a.json"))
            let check = try await Program.gauntlet("fmt", "--check", directory)
            #expect(check.code == 4)
            #expect(check.output.contains("a.json"))
            #expect(try await Program.gauntlet("fmt", directory).code == 0)
            #expect(try await Program.gauntlet("fmt", "--check", directory).code == 0)
            let text = try String(contentsOfFile: "\(directory)/a.json", encoding: .utf8)
            #expect(text.contains("// why"))
            #expect(try await Program.gauntlet("validate", directory).code == 0)
        }
    }

    @Test("the scenarios of this repository are valid and formatted")
    func repository() async throws {
        for directory in ["conformance", "load", "examples", "steps"] {
            let path = Golden.root.appending(path: "Scenarios/\(directory)").path()
            let valid = try await Program.gauntlet("validate", path)
            #expect(valid.code == 0, "\(valid.errors)")
            let check = try await Program.gauntlet("fmt", "--check", path)
            #expect(check.code == 0, "gauntlet fmt Scenarios/\(directory): \(check.output)")
        }
    }

    @Test("an unknown variable is rejected with a suggestion, and a variable that a file declares or uses is accepted")
    func variables() async throws {
        let scenario = #"""
            { "name": "n", "requires": ["needed"], "variables": { "password": "p", "unused": 1 },
              "environments": { "e": { "block": 2 } }, "data": { "rows": [{ "column": 3 }] },
              "steps": [{ "id": "a", "request": { "url": "/{{used}}" } }] }
            """#
        try await TemporaryDirectory.with { directory in
            try Data(scenario.utf8).write(to: URL(filePath: "\(directory)/a.json"))
            let file = "\(directory)/a.json"
            let given = ["--variable", "used=1", "--variable", "needed=2", "--base-url", "http://127.0.0.1:1"]
            for name in ["password", "unused", "block", "column"] {
                let words = ["run", "--dry-run", file] + given + ["--variable", "\(name)=5"]
                #expect(try await Program.gauntlet(words).code == 0, "\(name)")
            }
            for words in [["run", "--dry-run", file], ["load", file]] {
                let slip = try await Program.gauntlet(words + given + ["--variable", "pasword=x"])
                #expect(slip.code == 1)
                let reason = #"--variable pasword: no file declares or uses it; did you mean "password"?"#
                #expect(slip.errors.contains(reason), "\(slip)")
            }
        }
    }

    @Test("--version prints the version")
    func version() async throws {
        let version = try await Program.gauntlet("--version")
        #expect(version.code == 0 && version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(version)")
    }
}
