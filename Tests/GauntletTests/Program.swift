import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// The program as a person runs it.
enum Program {
    struct Outcome: Sendable {
        var code: Int32
        var output: String
        var errors: String
    }

    /// Runs `gauntlet` with these words; a time limit of the test's is what ends one that hangs.
    static func gauntlet(
        _ words: String..., input: String = "", environment: [String: String] = [:], in directory: String? = nil
    ) async throws -> Outcome {
        try await gauntlet(words, input: input, environment: environment, in: directory)
    }

    static func gauntlet(
        _ words: [String], input: String = "", environment: [String: String] = [:], in directory: String? = nil
    ) async throws -> Outcome {
        var variables: [Environment.Key: String?] = ["NO_COLOR": "1"]
        for (name, value) in environment { variables[Environment.Key(rawValue: name)!] = value }
        let result = try await Subprocess.run(
            .path(.init(try Programs.built("gauntlet"))), arguments: Arguments(words),
            environment: .inherit.updating(variables), workingDirectory: directory.map { .init($0) },
            input: .string(input), output: .string(limit: 1 << 22), error: .string(limit: 1 << 22))
        guard case .exited(let code) = result.terminationStatus else {
            return Outcome(code: -1, output: result.standardOutput, errors: result.standardError)
        }
        return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
    }
}
