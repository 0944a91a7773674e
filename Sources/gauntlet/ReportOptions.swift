import ArgumentParser
import Report
import Scenario

/// The reports of a command's result.
struct ReportOptions<Subject: Reportable>: ParsableArguments {
    @Option(
        name: .customLong("report"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Write a report (\(Self.names.joined(separator: ", "))); - is standard output. Accepts several: \(Self.example).",
            valueName: "format=path"))
    private var words: [String] = []

    private static var names: [String] { Subject.formats.map(\.name) }
    private static var example: String { names.dropFirst().prefix(2).map { "\($0)=a.\($0)" }.joined(separator: " ") }

    /// A report to write.
    private struct Request {
        let format: ReportFormat<Subject>
        let destination: ReportDestination
    }

    /// Words after --report that are not reports: a command's files may follow it.
    var otherWords: [String] { words.filter { !$0.contains("=") } }

    var isEmpty: Bool { words.allSatisfy { !$0.contains("=") } }

    /// Whether a report is written to standard output.
    var takesStandardOutput: Bool { words.contains { $0.hasSuffix("=-") } }

    func validate() throws {
        for request in try requests() {
            do { try request.destination.check() } catch { throw ValidationError("\(error)") }
        }
    }

    /// Ends a command: writes the reports, prints the notes, and throws the exit status unless the result passed.
    ///
    /// - Parameter isShown: whether standard output has shown the result already.
    func conclude(_ result: Subject, isShown: Bool = false) throws {
        let isReported = try write(result, isShown: isShown)
        for note in result.notes { StandardError.write(note) }
        let status = ExitStatus(result.verdict)
        if status != .success { throw status }
        if !isReported { throw ExitStatus.notCarriedOut }
    }

    /// Writes every report, even if an earlier one fails.
    ///
    /// - Returns: whether all of them were written. Each failure has been reported on standard error.
    private func write(_ result: Subject, isShown: Bool) throws -> Bool {
        var requests = try requests()
        if !isShown, !takesStandardOutput, let text = Subject.formats.first {
            requests.insert(Request(format: text, destination: ReportDestination(path: "-")), at: 0)
        }
        var isWritten = true
        for request in requests {
            let style = request.destination.isStandardOutput ? StandardOutput.style : .plain
            do { try request.destination.write(request.format.render(result, style: style)) } catch {
                StandardError.write("error: \(error)")
                isWritten = false
            }
        }
        return isWritten
    }

    private func requests() throws -> [Request] {
        let requests = try words.filter { $0.contains("=") }.map(Self.parse)
        for (index, request) in requests.enumerated()
        where requests[..<index].contains(where: { $0.destination.conflicts(with: request.destination) }) {
            throw ValidationError("--report: two reports would be written to \(request.destination.path)")
        }
        return requests
    }

    private static func parse(_ word: String) throws -> Request {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let format = Subject.formats.first(where: { $0.name == name }) else {
            let help = Suggestion.help(for: name, among: names).map { "; \($0)" } ?? ""
            throw ValidationError("--report \(word): unknown format \"\(name)\"\(help)")
        }
        guard !parts[1].isEmpty else { throw ValidationError("--report \(word): expected FORMAT=PATH") }
        return Request(format: format, destination: ReportDestination(path: String(parts[1])))
    }
}
