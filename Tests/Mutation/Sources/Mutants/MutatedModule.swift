/// The folders whose mutants are built together, and the tests that are run for them.
package struct MutatedModule: Equatable, Sendable {
    /// Name of the target and its folder in `Sources`.
    package let name: String
    /// Folders below `Sources`; the target's own for all of it.
    package let folders: [String]
    /// The number of mutants that is wanted, if it differs from the other modules'.
    package let sample: Int?

    package init(name: String, folders: [String], sample: Int? = nil) {
        self.name = name
        self.folders = folders
        self.sample = sample
    }

    package static let harness = [
        "JSONDocuments", "JSONQueries", "Patterns", "Scenario", "ScenarioRunner", "Load", "Report", "Trace", "Audit",
    ]

    /// Groups `Scenario/Matching` and `Scenario/Templates` into one module. `Load=200` asks for 200 mutants of `Load`.
    package static func modules(_ arguments: [String]) -> [MutatedModule] {
        var modules: [MutatedModule] = []
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let folder = parts[0]
            let sample = parts.count > 1 ? Int(parts[1]) : nil
            let name = String(folder.prefix { $0 != "/" })
            if let index = modules.firstIndex(where: { $0.name == name }) {
                let module = modules[index]
                modules[index] = MutatedModule(
                    name: name, folders: module.folders + [folder], sample: sample ?? module.sample)
            } else {
                modules.append(MutatedModule(name: name, folders: [folder], sample: sample))
            }
        }
        return modules
    }

    /// The test targets to run, in this order. The module's own tests come first because they kill most mutants soonest.
    package var testTargets: [[String]] {
        switch name {
        case "JSONDocuments", "JSONQueries", "Patterns":
            [
                ["\(name)Tests"], ["ScenarioTests"],
                ["ScenarioRunnerTests", "LoadTests", "ReportTests", "GauntletTests"],
            ]
        case "Scenario": [["ScenarioTests"], ["ScenarioRunnerTests", "LoadTests", "ReportTests", "GauntletTests"]]
        case "ScenarioRunner": [["ScenarioRunnerTests"], ["LoadTests", "ReportTests", "GauntletTests"]]
        case "Load": [["LoadTests"], ["ReportTests", "GauntletTests"]]
        case "Report": [["ReportTests"], ["ScenarioRunnerTests", "LoadTests", "GauntletTests"]]
        case "Trace", "Audit": [["AuditTests"], ["GauntletTests"]]
        case "TodoServer": [["TodoServerTests"], ["ConformanceTests"]]
        default: [["\(name)Tests"]]
        }
    }

    package func contains(_ file: String) -> Bool {
        folders.contains { file.hasPrefix("Sources/\($0)/") }
    }
}
