import ArgumentParser
import Glibc
import Scenario
import Version

@main
struct Gauntlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gauntlet",
        abstract: "Test an HTTP API's login, cache and rate limit, once or under load.",
        discussion: """
            Exit codes: 0 success; 1 usage error; 2 invalid file; 3 the run could not be carried out or proved \
            nothing; 4 an assertion or threshold failed.
            """,
        version: Release.version,
        subcommands: [
            RunCommand.self, LoadCommand.self, ValidateCommand.self, FormatCommand.self, QueryCommand.self,
            SchemaCommand.self, MergeCommand.self, AuditCommand.self,
            ProbeCommand.self,
        ])

    static func main() async {
        StandardDescriptors.occupy()
        // Exceeding the file-size limit must fail the write instead of killing the program.
        signal(SIGXFSZ, SIG_IGN)
        // A closed pipe, as in `gauntlet run … | head -1`, must not kill a run that still has to stop its server and
        // write its reports: the write fails instead.
        signal(SIGPIPE, SIG_IGN)
        var status = await status()
        if status == .success, StandardOutput.hasFailed { status = .notCarriedOut }
        fflush(nil)
        // Not exit(): it unloads libraries while other threads are still ending, and one of them may crash.
        _exit(status.rawValue)
    }

    /// Maps errors to this program's exit codes; ArgumentParser would exit with 64 on a usage error.
    private static func status() async -> ExitStatus {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .success
        } catch let status as ExitStatus {
            return status
        } catch  where exitCode(for: error) == .success {
            // --help or --version.
            StandardOutput.write(fullMessage(for: error))
            return .success
        } catch {
            StandardError.write(fullMessage(for: error))
            return .usage
        }
    }
}

/// The program's exit codes.
enum ExitStatus: Int32, Error {
    case success = 0
    case usage = 1
    /// A file is invalid.
    case invalid = 2
    /// The run could not be carried out, or proved nothing.
    case notCarriedOut = 3
    /// An assertion or threshold failed.
    case failed = 4
}

extension ExitStatus {
    init(_ verdict: OverallVerdict) {
        self =
            switch verdict {
            case .passed: .success
            case .failed: .failed
            case .undecided: .notCarriedOut
            }
    }
}
