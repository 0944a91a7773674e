import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// Runs the built `gauntlet` program.
enum Program {
    struct Outcome: Sendable {
        var code: Int32
        var output: String
        var errors: String
    }

    /// Runs `gauntlet` with these arguments. It has no timeout; the test's time limit applies.
    static func gauntlet(
        _ words: String..., input: String = "", environment: [String: String] = [:], in directory: String? = nil
    ) async throws -> Outcome {
        try await gauntlet(words, input: input, environment: environment, in: directory)
    }

    static func gauntlet(
        _ words: [String], input: String = "", environment: [String: String] = [:], in directory: String? = nil
    ) async throws -> Outcome {
        try await run(
            try Programs.built("gauntlet"), words, input: input, environment: environment, in: directory)
    }

    /// Runs a shell command.
    static func shell(_ line: String, input: String = "") async throws -> Outcome {
        try await run("/bin/sh", ["-c", line], input: input, environment: [:], in: nil)
    }

    private static func run(
        _ program: String, _ words: [String], input: String, environment: [String: String], in directory: String?
    ) async throws -> Outcome {
        var variables: [Environment.Key: String?] = ["NO_COLOR": "1"]
        for (name, value) in environment { variables[Environment.Key(rawValue: name)!] = value }
        return try await TemporaryDirectory.with { folder in
            // Input comes from a file: a program that ends without reading a pipe would kill the tests with SIGPIPE.
            let file = FilePath(folder + "/input")
            try input.write(toFile: file.string, atomically: false, encoding: .utf8)
            let result = try await Subprocess.run(
                .path(.init(program)), arguments: Arguments(words),
                environment: .inherit.updating(variables), workingDirectory: directory.map { .init($0) },
                input: .fileDescriptor(.open(file, .readOnly), closeAfterSpawningProcess: true),
                output: .string(limit: 1 << 22), error: .string(limit: 1 << 22))
            var code: Int32 = -1
            if case .exited(let status) = result.terminationStatus { code = status }
            return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
        }
    }
}
