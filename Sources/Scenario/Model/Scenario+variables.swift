extension Scenario {
    /// The values of the variables at the start of a run.
    ///
    /// - Parameters:
    ///   - given: values from outside, which go before the file's own. A text takes the type of the value in the file,
    ///     where it can: `--variable count=3` gives a number where the file has one.
    /// - Throws: a diagnostic at the variable that has no value.
    package func initialScope(given: [String: String], context: TemplateContext) throws(Diagnostic) -> Scope {
        var scope = Scope(context: context)
        for (name, text) in given { scope.variables[name] = .string(text) }
        for variable in variables {
            do throws(TemplateError) {
                guard let value = try variable.value(in: scope) else { continue }
                if let text = given[variable.name] {
                    scope.variables[variable.name] = value.retyped(text)
                } else {
                    scope.variables[variable.name] = value
                }
            } catch {
                throw Diagnostic(.rendering, "\(error)", in: file, at: variable.range)
            }
            guard scope.variables[variable.name] != nil else {
                throw Diagnostic(
                    .undefinedVariable, "the variable \"\(variable.name)\" has no value", in: file, at: variable.range,
                    help: "set the environment variable it names, give --variable \(variable.name)=…, or a default")
            }
        }
        return scope
    }
}

extension Variable {
    fileprivate func value(in scope: Scope) throws(TemplateError) -> JSON? {
        switch source {
        case .value(let value): return try value.render(scope)
        case .environment(let name, let fallback):
            if let text = scope.context.environment[name] { return .string(text) }
            return try fallback?.render(scope)
        }
    }
}

extension JSON {
    /// A text as a value of this one's type; as a string where it cannot be.
    fileprivate func retyped(_ text: String) -> JSON {
        if case .string = self { return .string(text) }
        guard let document = try? JSONDocument(parsing: Array(text.utf8)), document.root.value.typeName == typeName
        else { return .string(text) }
        return document.root.value
    }
}
