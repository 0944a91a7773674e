import Foundation
import Scenario
import ScenarioRunner

/// Scenario files by the paths that a person gave.
enum ScenarioFiles {
    /// Reads every file, and every `.json` file below every directory, in the order of their paths.
    ///
    /// - Throws: `ExitStatus.invalid`, after all errors of all files have been printed.
    static func read(_ paths: [String], variables: Set<String>) throws -> [Scenario] {
        var scenarios: [Scenario] = []
        var isValid = true
        let renderer = DiagnosticRenderer(style: StandardError.style)
        for path in paths {
            do {
                for file in try files(at: path) {
                    do throws(InvalidFile) {
                        scenarios.append(try ScenarioReader.read(file, sources: sources(variables)))
                    } catch {
                        isValid = false
                        for diagnostic in error.diagnostics { StandardError.write(renderer.render(diagnostic) + "\n") }
                    }
                }
            } catch {
                isValid = false
                StandardError.write("error: \(error.description)\n")
            }
        }
        guard isValid else { throw ExitStatus.invalid }
        return scenarios
    }

    private static func sources(_ variables: Set<String>) -> ScenarioReader.Sources {
        ScenarioReader.Sources(externalVariables: variables) { path, from in
            let whole = path.hasPrefix("/") || from.directory == "." ? path : "\(from.directory)/\(path)"
            return try file(at: whole)
        }
    }

    private static func files(at path: String) throws(UnreadableFile) -> [SourceFile] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw UnreadableFile("there is no file \(path)")
        }
        guard isDirectory.boolValue else { return [try file(at: path)] }
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let found = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.sorted()
        guard !found.isEmpty else { throw UnreadableFile("there are no scenarios (*.json) below \(path)") }
        var files: [SourceFile] = []
        for name in found { files.append(try file(at: path.hasSuffix("/") ? path + name : "\(path)/\(name)")) }
        return files
    }

    private static func file(at path: String) throws(UnreadableFile) -> SourceFile {
        do { return SourceFile(path: path, bytes: Array(try Data(contentsOf: URL(filePath: path)))) } catch {
            throw UnreadableFile("\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}

struct UnreadableFile: Error {
    let description: String

    init(_ description: String) { self.description = description }
}
