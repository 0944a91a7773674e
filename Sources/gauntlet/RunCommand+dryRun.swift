import Foundation
import Report
import Scenario
import ScenarioRunner

extension RunCommand {
    /// Prints the requests that a run would send, as curl commands.
    func printRequests(of scenarios: [Scenario], _ variables: [String: String]) throws {
        let style = StandardOutput.style
        var dryRun = DryRun(base: try target.base() ?? .unknown)
        dryRun.variables = variables
        dryRun.environment = ProcessInfo.processInfo.environment
        dryRun.environmentBlock = target.environment
        dryRun.client = connection.client
        for (scenario, row, label) in scenarios.flatMap(Self.dryRuns) {
            let (name, path) = (scenario.name + label, scenario.file.path)
            let printable = DiagnosticRenderer.printable
            StandardOutput.write(style(.bold, printable(name)) + style(.dim, "  \(printable(path))"))
            do throws(Diagnostic) {
                for line in try dryRun.lines(of: scenario, row: row) {
                    StandardOutput.write("  \(printable(line.step)) " + style(.dim, "(\(line.manner))"))
                    if let exchange = line.exchange {
                        StandardOutput.write("    \(printable(CurlCommand.render(exchange)))")
                    }
                }
            } catch {
                StandardError.write(error)
                throw ExitStatus.invalid
            }
            StandardOutput.write("")
        }
    }

    /// The scenario with each row that a run would use. If a run picks one row, the first one stands in.
    private static func dryRuns(of scenario: Scenario) -> [(Scenario, DataRows.Row, label: String)] {
        guard scenario.data?.order == .every else { return [(scenario, scenario.data?.rows.first ?? [], "")] }
        return scenario.labelledRows.map { (scenario, $0.row, " [\($0.label)]") }
    }
}

extension BaseURL {
    /// A placeholder for the server that only a real run starts.
    fileprivate static var unknown: BaseURL {
        guard let base = BaseURL("http://127.0.0.1") else { preconditionFailure("this is a URL") }
        return base
    }
}
