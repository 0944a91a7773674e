/// The variables of a file whose values must not be shown.
package struct SecretVariables: Sendable {
    /// What the file declares secret, in order.
    private let declared: [String]
    private let names: Set<String>
    /// What templates make of secrets. An encoding or a digest of a secret is not found by looking for the secret.
    private let derived: [(name: String, value: TemplateValue)]

    package init(of scenario: Scenario) {
        let declared = scenario.secretNames
        var names = declared
        let templates = scenario.templates
        var derived: [(name: String, value: TemplateValue)] = []
        // A variable may be made of one that is itself made of a secret, and rows may be filled in before it.
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

    /// Adds their values.
    package func insert(_ values: [String: JSON], into secrets: inout Secrets) {
        for name in declared {
            if let value = values[name] { secrets.insert(value) }
        }
        for (name, template) in derived {
            if let value = values[name] { insert(value, madeBy: template, into: &secrets) }
        }
    }

    /// Adds what of a value its template makes of secrets.
    package func insert(_ value: JSON, madeBy template: TemplateValue, into secrets: inout Secrets) {
        secrets.insert(value, madeBy: template, from: names)
    }
}

extension Scenario {
    /// Every value of a variable that is not constant, whichever is in use.
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
