import Foundation
import Scenario
import ScenarioRunner

/// Reads the scenario files named on the command line.
enum ScenarioFiles {
    /// Reads every file, and every `.json` file below every directory, in the order of their paths.
    ///
    /// - Throws: `ExitStatus.invalid`, after printing the errors of all files.
    static func read(_ paths: [String], variables: Set<String>) throws -> [Scenario] {
        var scenarios: [Scenario] = []
        var isValid = true
        for path in paths {
            do throws(UnreadableFile) {
                for file in path == "-" ? [try standardInput()] : try files(at: path) {
                    do throws(InvalidFile) {
                        scenarios.append(try ScenarioReader.read(file, sources: sources(variables)))
                    } catch {
                        isValid = false
                        for diagnostic in error.diagnostics { StandardError.write(diagnostic) }
                    }
                }
            } catch {
                isValid = false
                StandardError.write("error: \(error)\n")
            }
        }
        guard isValid else { throw ExitStatus.invalid }
        return scenarios
    }

    /// Returns what the body reads, or prints the error and throws `ExitStatus.invalid`.
    static func readable<Value>(_ body: () throws(UnreadableFile) -> Value) throws -> Value {
        do throws(UnreadableFile) { return try body() } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.invalid
        }
    }

    /// The content of a file that a command names, or prints the error and throws `ExitStatus.invalid`.
    static func bytes(at path: String) throws -> [UInt8] {
        try readable { () throws(UnreadableFile) in try file(at: path).bytes }
    }

    private static func sources(_ variables: Set<String>) -> ScenarioReader.Sources {
        ScenarioReader.Sources(
            externalVariables: variables,
            read: { path, from in
                do throws(UnreadableFile) { return try file(at: from.resolve(path)) } catch { throw error.reason }
            },
            check: { path, from in try FileReading.check(from.resolve(path)) })
    }

    /// A scenario from standard input; its relative paths start at the working directory.
    private static func standardInput() throws(UnreadableFile) -> SourceFile {
        SourceFile(path: "standard input", bytes: try file(at: "/dev/stdin").bytes)
    }

    static func files(at path: String) throws(UnreadableFile) -> [SourceFile] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw UnreadableFile(path, .init("there is no such file"))
        }
        guard isDirectory.boolValue else { return [try file(at: path)] }
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let found = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.sorted()
        guard !found.isEmpty else { throw UnreadableFile(path, .init("it contains no scenario files (*.json)")) }
        var files: [SourceFile] = []
        for name in found { files.append(try file(at: path.hasSuffix("/") ? path + name : "\(path)/\(name)")) }
        return files
    }

    static func file(at path: String) throws(UnreadableFile) -> SourceFile {
        do throws(FileReading.Failure) { return SourceFile(path: path, bytes: try FileReading.bytes(at: path)) } catch {
            throw UnreadableFile(path, .init(error.description))
        }
    }
}

/// A file that does not exist or cannot be read, and why.
struct UnreadableFile: Error, CustomStringConvertible {
    let path: String
    let reason: Reason

    init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    var description: String { "\(path.isEmpty ? "\"\"" : path) cannot be read: \(reason)" }

    struct Reason: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}
