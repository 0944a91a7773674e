extension Scenario {
    /// The values of the variables at the start of a run. What comes from further outside goes before: `given`, then
    /// the row, then `parameters`, then the environment's block, then the file's own.
    ///
    /// - Parameters:
    ///   - given: texts from the command line and the like. A text takes the type of the value in the file, where it
    ///     can: `--variable count=3` gives a number where the file has one.
    ///   - parameters: values from a scenario that calls this one.
    ///   - row: a row of the file's data.
    ///   - environment: the name of the block to take, where the file has it.
    /// - Throws: a diagnostic at the variable that has no value.
    package func initialScope(
        given: [String: String] = [:], parameters: [String: JSON] = [:], row: DataRows.Row = [],
        environment: String? = nil, context: TemplateContext
    ) throws(Diagnostic) -> Scope {
        var scope = Scope(context: context)
        for (name, text) in given { scope.variables[name] = .string(text) }
        let block = environments.first { $0.name == environment }?.variables ?? []
        for column in row where given[column.name] == nil {
            do throws(TemplateError) { scope.variables[column.name] = try column.value.render(scope) } catch {
                throw Diagnostic(.rendering, "\(error)", in: file, at: data?.range ?? 0..<1)
            }
        }
        var mistyped: String?
        for variable in variables(with: block) {
            do throws(TemplateError) {
                if row.contains(where: { $0.name == variable.name }), given[variable.name] == nil { continue }
                if let value = parameters[variable.name] {
                    scope.variables[variable.name] = value
                    continue
                }
                guard let value = try variable.value(in: scope) else { continue }
                guard let text = given[variable.name] else {
                    scope.variables[variable.name] = value
                    continue
                }
                scope.variables[variable.name] = value.retyped(text)
                mistyped = value.typeName
            } catch {
                throw Diagnostic(.rendering, "\(error)", in: file, at: variable.range)
            }
            guard scope.variables[variable.name] != nil else {
                if let mistyped {
                    // What was given is not shown: it may be a secret.
                    throw Diagnostic(
                        .wrongType, "what was given for the variable \"\(variable.name)\" is no \(mistyped)",
                        in: file, at: variable.range, help: "give a value of the type that it has in the file")
                }
                throw Diagnostic(
                    .undefinedVariable, "the variable \"\(variable.name)\" has no value", in: file, at: variable.range,
                    help: "set the environment variable it names, give --variable \(variable.name)=…, or a default")
            }
        }
        return scope
    }
}

extension Scenario {
    /// The variables in the order in which they take their values. One that the block has too takes its value where the
    /// file declares it, for those after it to use; but after any that it uses itself.
    private func variables(with block: [Variable]) -> [Variable] {
        let own = variables.map { own in block.first { $0.name == own.name } ?? own }
        let all = own + block.filter { other in !variables.contains { $0.name == other.name } }
        var taken: Set<String> = []
        var ordered: [Variable] = []
        func take(_ variable: Variable) {
            guard taken.insert(variable.name).inserted else { return }
            let used = variable.expressions.reduce(into: Set<String>()) { $0.formUnion($1.variables) }
            if !used.isSubset(of: taken) { for other in all where used.contains(other.name) { take(other) } }
            ordered.append(variable)
        }
        for variable in all { take(variable) }
        return ordered
    }

    /// The variables that it requires and nobody has given a value. An empty text is none.
    package func missingVariables(given: [String: String], environment: [String: String]) -> [String] {
        requires.filter { name in
            if let text = given[name] { return text.isEmpty }
            switch variables.first(where: { $0.name == name })?.source {
            case .environment(let name, let fallback): return environment[name] == nil && fallback == nil
            case .value: return false
            case nil: return true
            }
        }
    }
}

extension Variable {
    fileprivate var expressions: [Expression] {
        switch source {
        case .value(let value): value.expressions
        case .environment(_, let fallback): fallback?.expressions ?? []
        }
    }

    func value(in scope: Scope) throws(TemplateError) -> JSON? {
        switch source {
        case .value(let value): return try value.render(scope)
        case .environment(let name, let fallback):
            if let text = scope.context.environment[name] { return .string(text) }
            return try fallback?.render(scope)
        }
    }
}

extension JSON {
    /// A text as a value of this one's type, nil where it is none; a string where the type is left open by null.
    fileprivate func retyped(_ text: String) -> JSON? {
        if self == .null || typeName == "string" { return .string(text) }
        let value = (try? JSONDocument(parsing: Array(text.utf8)))?.root.value
        return value?.typeName == typeName ? value : nil
    }
}
