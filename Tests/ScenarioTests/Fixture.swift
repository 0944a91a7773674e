@testable import Scenario

/// Small scenarios for tests.
enum Fixture {
    static func scenario(expect: String = "{}", expectAll: String = "{}") throws -> Scenario {
        try read(
            """
            { "name": "test", "variables": { "expected": "x" },
              "steps": [ { "id": "s", "repeat": 3, "request": { "url": "/" }, "expect": \(expect), "expectAll": \(expectAll) } ] }
            """)
    }

    static func read(_ text: String, variables: Set<String> = []) throws(InvalidFile) -> Scenario {
        try ScenarioReader.read(
            SourceFile(path: "test.json", bytes: Array(text.utf8)),
            sources: ScenarioReader.Sources(externalVariables: variables))
    }

    static func scope(_ variables: [String: JSON] = [:]) -> Scope {
        Scope(variables: variables, context: TemplateContext(now: { 0 }, readFile: { _ in [] }))
    }

    /// A token of `{"alg":"HS256"}`, `{"sub":"admin"}` and a dummy signature, as JSON text.
    static let token =
        "\""
        + [Array("{\"alg\":\"HS256\"}".utf8), Array("{\"sub\":\"admin\"}".utf8), [1, 2, 3]]
        .map { Encoding.base64url($0) }.joined(separator: ".") + "\""
}
