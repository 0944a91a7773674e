import ArgumentParser
import Scenario

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check scenario files without running them.")

    @Argument(help: "Scenario files or directories; - reads standard input.")
    var files: [String]

    @Option(
        name: [.customShort("v"), .long],
        help: ArgumentHelp("Name of a variable that will be set when the scenarios run.", valueName: "name"))
    var variable: [String] = []

    func run() throws {
        let names = variable.map { String($0.prefix { $0 != "=" }) }
        let scenarios = try ScenarioFiles.read(files, variables: Set(names))
        let count = scenarios.count
        StandardOutput.write("\(count) file\(count == 1 ? " is" : "s are") valid")
    }
}
