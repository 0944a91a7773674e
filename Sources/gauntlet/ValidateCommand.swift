import ArgumentParser
import Scenario

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check scenario files, and run nothing.")

    @Argument(help: "Scenario files, or directories of them; - for standard input.")
    var files: [String]

    @Option(
        name: [.customShort("v"), .long],
        help: ArgumentHelp("A variable that will be given at the run.", valueName: "name"))
    var variable: [String] = []

    func run() throws {
        let names = variable.map { String($0.prefix { $0 != "=" }) }
        let scenarios = try ScenarioFiles.read(files, variables: Set(names))
        let count = scenarios.count
        StandardOutput.write("\(count) file\(count == 1 ? " is" : "s are") valid")
    }
}
