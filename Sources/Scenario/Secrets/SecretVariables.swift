/// The variables of a file with values that must not be shown.
package struct SecretVariables: Sendable {
    /// Names declared secret, sorted.
    private let declared: [String]
    private let names: Set<String>
    /// Values that templates derive from secrets. Searching for the secret does not find its encoding or digest.
    private let derived: [(name: String, value: TemplateValue)]

    package init(of scenario: Scenario) {
        let declared = scenario.secretNames
        var names = declared
        let templates = scenario.templates
        var derived: [(name: String, value: TemplateValue)] = []
        // A variable may use one that is itself derived from a secret, and rows may be evaluated before it.
        while true {
            derived = templates.filter { $0.value.uses(names) }
            let all = names.union(derived.map(\.name))
            guard all.count > names.count else { break }
            names = all
        }
        self.declared = declared.sorted()
        self.names = names
        self.derived = derived
    }

    /// Adds the values of the secret variables.
    package func insert(_ values: [String: JSON], into secrets: inout Secrets) {
        for name in declared {
            if let value = values[name] { secrets.insert(value) }
        }
        for (name, template) in derived {
            if let value = values[name] { insert(value, madeBy: template, into: &secrets) }
        }
    }

    /// Adds the parts of a value that its template derives from secrets.
    package func insert(_ value: JSON, madeBy template: TemplateValue, into secrets: inout Secrets) {
        secrets.insert(value, madeBy: template, from: names)
    }
}

extension Scenario {
    /// All non-constant values of variables, whether in use or not.
    fileprivate var templates: [(name: String, value: TemplateValue)] {
        let declared = declarations.compactMap { variable -> (name: String, value: TemplateValue)? in
            switch variable.source {
            case .value(let value): (variable.name, value)
            case .environment(_, let fallback): fallback.map { (variable.name, $0) }
            }
        }
        return (declared + (data?.rows.flatMap { $0 } ?? [])).filter { !$0.value.expressions.isEmpty }
    }
}

extension TemplateValue {
    func uses(_ names: Set<String>) -> Bool {
        expressions.contains { !$0.variables.isDisjoint(with: names) }
    }
}
