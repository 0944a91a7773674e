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
        try await run(
            try Programs.built("gauntlet"), words, input: input, environment: environment, in: directory)
    }

    /// Runs a line of shell.
    static func shell(_ line: String, input: String = "") async throws -> Outcome {
        try await run("/bin/sh", ["-c", line], input: input, environment: [:], in: nil)
    }

    private static func run(
        _ program: String, _ words: [String], input: String, environment: [String: String], in directory: String?
    ) async throws -> Outcome {
        var variables: [Environment.Key: String?] = ["NO_COLOR": "1"]
        for (name, value) in environment { variables[Environment.Key(rawValue: name)!] = value }
        return try await TemporaryDirectory.with { folder in
            // From a file: a program that ends before it has read a pipe would break it, and these tests with it.
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
