// What a scenario reads from other files.
extension ScenarioReader {
    /// A scenario that this one calls. If it cannot be read, reports why and returns nil.
    mutating func called(_ path: String, at range: Range<Int>) -> Scenario? {
        guard !path.isEmpty, let source = source(path, at: range) else { return nil }
        var chain = sources.callers + [file.path]
        guard !chain.contains(source.path) else {
            chain.append(source.path)
            report(
                .invalidValue, "this call creates a cycle", at: range,
                help: chain.drop { $0 != source.path }.joined(separator: " calls "))
            return nil
        }
        var sources = sources
        sources.callers = chain
        do throws(InvalidFile) { return try ScenarioReader.read(source, sources: sources) } catch {
            report(.unreadable, "the called file has errors", at: range)
            diagnostics += error.diagnostics
            return nil
        }
    }

    /// A value of the expected type for each variable, by name, if that type is certain when a row is evaluated.
    func types(of variables: [Variable], besides environments: [Environment]) -> [String: JSON] {
        let open = sources.externalVariables.union(environments.flatMap { $0.variables.map(\.name) })
        var types: [String: JSON] = [:]
        for variable in variables where !open.contains(variable.name) {
            switch variable.source {
            case .value(let value), .environment(_, .some(let value)): types[variable.name] = value.constant
            case .environment(_, nil): continue
            }
        }
        return types
    }

    mutating func data(_ node: JSONNode?, types: [String: JSON]) -> DataRows? {
        guard let node else { return nil }
        let popularity = node["pick"].flatMap { self.popularity($0) }
        let order = popularity == nil ? node["order"]?.string.flatMap(DataRows.Order.init) ?? .every : .random
        if let rows = node["rows"] {
            return DataRows(
                rows: rows.elements.map { row($0) }, order: order, popularity: popularity ?? .uniform,
                range: rows.range)
        }
        guard let place = node["file"], let path = place.string, let source = source(path, at: place.range) else {
            return nil
        }
        let isText = path.lowercased().hasSuffix(".csv")
        guard let rows = isText ? csv(source, types) : json(source, at: place.range) else { return nil }
        if rows.isEmpty { report(.invalidValue, "\(source.path) has no rows", at: place.range) }
        return DataRows(
            rows: rows, order: order, popularity: popularity ?? .uniform, isText: isText, range: place.range)
    }

    private mutating func popularity(_ node: JSONNode) -> Popularity? {
        guard let text = node.string else { return nil }
        if let popularity = Popularity(parsing: text) { return popularity }
        report(
            .invalidValue, "\"\(text)\" is not a way to pick a row", at: node.range,
            help: "use \"uniform\" or a Zipf distribution such as \"zipf(1.1)\"")
        return nil
    }

    private mutating func row(_ node: JSONNode) -> DataRows.Row {
        node.members.map { ($0.key.string ?? "", value($0.value)) }
    }

    /// Rows from a JSON array of objects. If the file is not one, reports why and returns nil.
    private mutating func json(_ source: SourceFile, at range: Range<Int>) -> [DataRows.Row]? {
        do throws(JSONSyntaxError) {
            let root = try JSONDocument(parsing: source.bytes, options: .scenario).root
            guard root.kind == .array, root.elements.allSatisfy({ $0.kind == .object }) else {
                report(.wrongType, "\(source.path) is not a JSON array of objects", at: range)
                return nil
            }
            return root.elements.map { element in
                element.members.map { ($0.key.string ?? "", .constant($0.value.value)) }
            }
        } catch {
            diagnostics.append(Diagnostic(error, in: source))
            return nil
        }
    }

    /// Rows from a CSV file. If the file is not valid, reports why and returns nil.
    private mutating func csv(_ source: SourceFile, _ types: [String: JSON]) -> [DataRows.Row]? {
        do throws(CSVTable.Fault) {
            let table = try CSVTable(parsing: source.bytes)
            for (index, column) in table.header.enumerated() {
                guard let type = types[column.text],
                    let wrong = table.rows.lazy.map({ $0[index] }).first(where: { type.retyped($0.text) == nil })
                else { continue }
                let message = "expected a value of type \(type.typeName), the type of the variable \"\(column.text)\""
                diagnostics.append(Diagnostic(.wrongType, message, in: shown(source), at: wrong.range))
            }
            return table.rows.map { row in
                zip(table.header, row).map { column, field in (column.text, .constant(.string(field.text))) }
            }
        } catch {
            diagnostics.append(
                Diagnostic(.syntax, error.message, in: shown(source), at: error.range, help: error.help))
            return nil
        }
    }

    /// A CSV file as messages may quote it. If any column is secret, all rows are masked, because in a malformed file
    /// it is uncertain which field belongs to which column.
    private func shown(_ source: SourceFile) -> SourceFile {
        let header = source.lineRange(1)
        let columns = try? CSVTable(parsing: Array(source.bytes[header])).header.map(\.text)
        guard !secretNames.isEmpty, columns.map({ !secretNames.isDisjoint(with: $0) }) ?? true else { return source }
        let structure = ",\"\r\n".utf8
        let covered = source.bytes.enumerated().map { offset, byte in
            offset < header.upperBound || structure.contains(byte) ? byte : UInt8(ascii: "*")
        }
        return SourceFile(path: source.path, bytes: covered)
    }

    /// The path of a file to send. If the path is constant, the file is checked before anything is sent.
    mutating func sentFile(_ node: JSONNode) -> Template {
        let path = template(node)
        if path.expressions.isEmpty, let text = node.string, !text.isEmpty {
            do { try sources.check(text, file) } catch {
                report(.unreadable, "\(text) cannot be read: \(error)", at: node.range)
            }
        }
        return path
    }

    private mutating func source(_ path: String, at range: Range<Int>) -> SourceFile? {
        do { return try sources.read(path, file) } catch {
            report(.unreadable, "\(path) cannot be read: \(error)", at: range)
            return nil
        }
    }
}

extension Scenario {
    /// Names of the variables that have a value after the scenario has run.
    var definedVariables: Set<String> {
        var names = Set(variables.map(\.name))
        for step in setup + steps { names.formUnion(step.definedVariables) }
        return names
    }

    /// Stands in for a scenario that could not be read, so that the rest of the file is still checked.
    static func empty(_ file: SourceFile) -> Scenario {
        Scenario(
            file: file, name: "", description: nil, tags: [], variables: [], environments: [], data: nil,
            client: ClientOptions(), requires: [], skipReason: nil, isExclusive: false, setup: [], steps: [],
            teardown: [],
            load: LoadSettings())
    }
}

extension Step {
    /// Names of the variables that the step sets.
    package var definedVariables: Set<String> {
        switch action {
        case .request(let request): Set(request.captures.map(\.name))
        case .parallel(let steps), .group(let steps): steps.reduce(into: []) { $0.formUnion($1.definedVariables) }
        case .call(let call): Set(call.outputs)
        case .sleep: []
        }
    }
}
