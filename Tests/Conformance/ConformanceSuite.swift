import Foundation
import Scenario
import ScenarioRunner
import TestSupport

/// The cases of `Scenarios/conformance`.
enum ConformanceSuite {
    /// All cases, sorted by path.
    static func cases() throws -> [Scenario] {
        try Golden.files(below: "Scenarios/conformance").map { path in
            try ScenarioReader.read(file(path), sources: sources)
        }
    }

    private static func file(_ path: String) throws -> SourceFile {
        SourceFile(path: path, bytes: try Golden.read(path))
    }

    /// Cases call other files by paths relative to their own.
    private static let sources = ScenarioReader.Sources { path, from in
        var parts = from.path.split(separator: "/").dropLast()
        for part in path.split(separator: "/") {
            if part == ".." { parts.removeLast() } else { parts.append(part) }
        }
        return try file(parts.joined(separator: "/"))
    }

    /// Runs cases like `gauntlet run`.
    static func run(
        _ cases: [Scenario], against base: BaseURL, secret: String? = nil, second: BaseURL? = nil
    ) async -> RunResult {
        var runner = ScenarioRunner(base: base)
        runner.jobs = 16
        runner.environment = ProcessInfo.processInfo.environment
        runner.variables["jwtSecret"] = secret
        runner.variables["secondUrl"] = second?.text
        return await runner.run(cases)
    }
}

extension Scenario {
    /// The number of the statement that it checks, such as `LIMIT-3`.
    var statement: String { String(name.prefix { $0 != " " }) }
}

extension ScenarioResult {
    var statement: String { String(name.prefix { $0 != " " }) }
}
