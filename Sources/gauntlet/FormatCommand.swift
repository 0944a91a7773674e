import ArgumentParser
import Scenario
import ScenarioRunner

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Format scenario files in place; comments are kept.")

    @Argument(help: "Scenario files or directories.")
    var files: [String]

    @Flag(help: "Change nothing; list the files that would change, and exit with 4 if there are any.")
    var check = false

    func run() throws {
        var isInvalid = false
        var isWritten = true
        var others = 0
        for path in files {
            for file in try ScenarioFiles.readable({ () throws(UnreadableFile) in try ScenarioFiles.files(at: path) }) {
                let formatted: [UInt8]
                do throws(JSONSyntaxError) { formatted = try formatScenario(file.bytes) } catch {
                    isInvalid = true
                    StandardError.write(Diagnostic(error, in: file))
                    continue
                }
                guard formatted != file.bytes else { continue }
                others += 1
                do throws(FileWriting.Failure) {
                    if !check { try FileWriting.replace(file.path, with: formatted) }
                    StandardOutput.write(file.path)
                } catch {
                    isWritten = false
                    StandardError.write("error: \(file.path) cannot be written: \(error)")
                }
            }
        }
        if isInvalid { throw ExitStatus.invalid }
        if !isWritten { throw ExitStatus.notCarriedOut }
        if check, others > 0 { throw ExitStatus.failed }
    }
}
