extension Scenario {
    /// The values of the variables at the start of a run.
    ///
    /// Precedence, highest first: `given`, the row, `parameters`, the environment's block, the file's own variables.
    ///
    /// - Parameters:
    ///   - given: texts from the command line or similar. A text takes the type of the value in the file: `--variable
    ///     count=3` gives a number if the file has a number.
    ///   - parameters: values from a scenario that calls this one.
    ///   - row: a row of the file's data.
    ///   - environment: the name of the block to use, if the file has it.
    /// - Throws: a diagnostic at the variable whose value cannot be evaluated or has the wrong type.
    package func initialScope(
        given: [String: String] = [:], parameters: [String: JSON] = [:], row: DataRows.Row = [],
        environment: String? = nil, context: TemplateContext
    ) throws(Diagnostic) -> Scope {
        var scope = Scope(context: context)
        for (name, text) in given { scope.variables[name] = .string(text) }
        for (name, value) in parameters { scope.variables[name] = value }
        let block = environments.first { $0.name == environment }?.variables ?? []
        for column in row where given[column.name] == nil {
            do throws(TemplateError) { scope.variables[column.name] = try column.value.render(scope) } catch {
                throw Diagnostic(.rendering, "\(error)", in: file, at: data?.range ?? 0..<1)
            }
        }
        for variable in variables(with: block) {
            let name = variable.name
            let inRow = given[name] == nil && row.contains { $0.name == name } ? scope.variables[name] : nil
            if inRow != nil, data?.isText != true { continue }
            if inRow == nil, parameters[name] != nil { continue }
            let declared: JSON?
            do throws(TemplateError) { declared = try variable.declared(in: scope) } catch {
                throw Diagnostic(.rendering, "\(error)", in: file, at: variable.range)
            }
            if let text = given[name] ?? inRow?.templateText ?? variable.environmentText(in: scope) {
                guard let value = (declared ?? .null).retyped(text) else {
                    // The value is not shown, because it may be secret.
                    throw Diagnostic(
                        .wrongType,
                        "the value given for the variable \"\(name)\" is not of type \(declared?.typeName ?? "text")",
                        in: file, at: variable.range, help: "give a value of the type declared in the file")
                }
                scope.variables[name] = value
            } else {
                // A variable without a value is an error only where it is used.
                scope.variables[name] = declared
            }
        }
        return scope
    }
}

extension Scenario {
    /// The variables in evaluation order.
    ///
    /// A variable that the block overrides keeps its place in the file, so that later variables can use it, but comes
    /// after any variable that it uses.
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

    /// Why it is skipped, or which variables it needs; nil if it can run.
    package func reasonNotToRun(given: [String: String], environment: [String: String]) -> String? {
        if let skipReason { return skipReason }
        let missing = missingVariables(given: given, environment: environment)
        return missing.isEmpty ? nil : "it needs " + missing.map { "--variable \($0)=…" }.joined(separator: " and ")
    }

    /// The required variables that have no value. An empty text counts as none.
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

    /// The value from the file alone: the value itself, or the default if the environment variable is not set.
    fileprivate func declared(in scope: Scope) throws(TemplateError) -> JSON? {
        switch source {
        case .value(let value): return try value.render(scope)
        case .environment(_, let fallback):
            guard environmentText(in: scope) != nil else { return try fallback?.render(scope) }
            // Only its type is used. A default that changes with each evaluation, or cannot be evaluated, is ignored.
            guard let fallback, fallback.expressions.allSatisfy(\.isPure) else { return nil }
            return try? fallback.render(scope)
        }
    }

    fileprivate func environmentText(in scope: Scope) -> String? {
        if case .environment(let name, _) = source { scope.context.environment[name] } else { nil }
    }
}

extension JSON {
    /// Converts a text to this value's type, or nil if it does not fit. If this value is null, the type is open and the
    /// result is a string.
    func retyped(_ text: String) -> JSON? {
        if self == .null || typeName == "string" { return .string(text) }
        let value = (try? JSONDocument(parsing: Array(text.utf8)))?.root.value
        return value?.typeName == typeName ? value : nil
    }
}
