import ArgumentParser
import Foundation
import Scenario

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Print the values that an RFC 9535 JSONPath query selects, as one JSON array.",
        discussion: "The input must be strict RFC 8259 JSON: no comments, no trailing commas.")

    @Argument(help: ArgumentHelp("JSONPath query, such as '$.todos[?@.completed].title'.", valueName: "jsonpath"))
    var path: String

    @Argument(help: "JSON file; - reads standard input.")
    var file: String = "-"

    @Flag(help: "Print normalized paths (RFC 9535, section 2.7) instead of values.")
    var paths = false

    func run() throws {
        let query = try parsedPath()
        let source = try read()
        let document: JSONDocument
        do throws(JSONSyntaxError) { document = try JSONDocument(parsing: source.bytes) } catch {
            throw Self.invalid(Diagnostic(error, in: source))
        }
        // Values keep their source form: a number its digits, an object all its members.
        let found =
            paths
            ? query.located(in: document.root).map { JSON.string($0.path.description).serialized() }
            : query.nodes(in: document.root).map { $0.value.serialized() }
        StandardOutput.write("[\(found.joined(separator: ","))]")
    }

    private func parsedPath() throws -> JSONPath {
        let source = SourceFile(path: "the path", bytes: Array(path.utf8))
        // Swift repairs an argument that is not UTF-8, and the repaired query would select something else.
        if let repair = path.utf8.firstRange(of: "\u{FFFD}".utf8), !Self.areArgumentsUTF8 {
            let start = path.utf8.distance(from: path.startIndex, to: repair.lowerBound)
            throw Self.invalid(Diagnostic(.jsonPath, "this is not UTF-8", in: source, at: start..<start + 3))
        }
        do throws(JSONPathError) { return try JSONPath(parsing: path) } catch {
            throw Self.invalid(Diagnostic(.jsonPath, error.message, in: source, at: error.range))
        }
    }

    private static var areArgumentsUTF8: Bool {
        (0..<Int(CommandLine.argc)).allSatisfy { index in
            CommandLine.unsafeArgv[index].flatMap { String(validatingCString: $0) } != nil
        }
    }

    private func read() throws -> SourceFile {
        guard file != "-" else {
            do {
                // On empty standard input, readToEnd() returns nil.
                let text = try FileHandle.standardInput.readToEnd() ?? Data()
                return SourceFile(path: "standard input", bytes: Array(text))
            } catch {
                StandardError.write("error: standard input cannot be read: \(error.localizedDescription)")
                throw ExitStatus.invalid
            }
        }
        return try ScenarioFiles.readable { () throws(UnreadableFile) in try ScenarioFiles.file(at: file) }
    }

    private static func invalid(_ diagnostic: Diagnostic) -> ExitStatus {
        StandardError.write(diagnostic)
        return .invalid
    }
}
