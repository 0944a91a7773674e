import ArgumentParser
import Report
import Scenario

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of a format.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case scenario
        case runReport = "run-report"
        case loadReport = "load-report"
        case auditReport = "audit-report"
        case probeReport = "probe-report"
    }

    @Argument(
        help:
            "Format: scenario (scenario files), run-report, load-report, audit-report or probe-report (--report json= of run, load, audit and probe)."
    )
    var format: Format = .scenario

    func run() {
        switch format {
        case .scenario: StandardOutput.write(ScenarioSchema.render().serialized(indent: 2))
        case .runReport: StandardOutput.writeRaw(RunReportSchema.text)
        case .loadReport: StandardOutput.writeRaw(LoadReportSchema.text)
        case .auditReport: StandardOutput.writeRaw(AuditReportSchema.text)
        case .probeReport: StandardOutput.writeRaw(ProbeReportSchema.text)
        }
    }
}
