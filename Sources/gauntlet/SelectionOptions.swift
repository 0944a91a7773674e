import ArgumentParser
import Scenario

/// Selects the scenarios to run.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Run only scenarios with this tag. May be repeated.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Exclude scenarios with this tag. May be repeated.", valueName: "tag"))
    var excludeTag: [String] = []

    /// - Throws: a usage error if no scenario is left, because an empty run proves nothing.
    func select(_ scenarios: [Scenario]) throws -> [Scenario] {
        let known = Set(scenarios.flatMap(\.tags))
        for name in tag + excludeTag where !known.contains(name) {
            let help = Suggestion.help(for: name, among: known.sorted()).map { "; \($0)" } ?? ""
            throw ValidationError("no scenario has the tag \(name)\(help)")
        }
        let selected = scenarios.filter { scenario in
            (tag.isEmpty || scenario.tags.contains { tag.contains($0) })
                && !scenario.tags.contains { excludeTag.contains($0) }
        }
        guard !selected.isEmpty else { throw ValidationError("no scenario matches --tag and --exclude-tag") }
        return selected
    }
}
