/// Reads a scenario file strictly and reports all errors, with their positions, before anything is sent.
package struct ScenarioReader {
    let file: SourceFile
    let sources: Sources
    var diagnostics: [Diagnostic] = []
    /// Names of secret variables. Messages that quote other files must not show their values.
    var secretNames: Set<String> = []

    /// What a file depends on: other files, and the names of variables set from outside.
    package struct Sources: Sendable {
        /// Names of the variables set by `--variable` and similar options.
        package var externalVariables: Set<String>
        /// Reads a file by its path relative to this one. The result carries the path to show in messages.
        package var read: @Sendable (_ path: String, _ from: SourceFile) throws -> SourceFile
        /// Throws if a file to send, by its path relative to this one, cannot be read.
        package var check: @Sendable (_ path: String, _ from: SourceFile) throws -> Void
        /// Paths of the files that called this one, outermost first.
        var callers: [String] = []

        package init(
            externalVariables: Set<String> = [],
            read: @escaping @Sendable (_ path: String, _ from: SourceFile) throws -> SourceFile = { path, _ in
                throw TemplateError.function("call", reason: "files cannot be read here")
            },
            check: @escaping @Sendable (_ path: String, _ from: SourceFile) throws -> Void = { _, _ in }
        ) {
            self.externalVariables = externalVariables
            self.read = read
            self.check = check
        }
    }

    private init(file: SourceFile, sources: Sources) {
        self.file = file
        self.sources = sources
    }

    /// - Throws: every error in the file and in the files that it calls, in order of position.
    package static func read(_ file: SourceFile, sources: Sources = Sources()) throws(InvalidFile) -> Scenario {
        let document: JSONDocument
        do throws(JSONSyntaxError) {
            document = try JSONDocument(parsing: file.bytes, options: .scenario)
        } catch {
            throw InvalidFile([Diagnostic(error, in: file)])
        }
        var checker = ShapeChecker(file: file)
        checker.check(document.root, against: .object { ScenarioShapes.scenario })
        var reader = ScenarioReader(file: file, sources: sources)
        var scenario = reader.scenario(document.root)
        var diagnostics = checker.diagnostics + reader.diagnostics
        let references = ReferenceChecker.check(scenario, externalVariables: sources.externalVariables)
        scenario.variableNames = references.variables
        diagnostics += references.diagnostics
        guard diagnostics.isEmpty else {
            let own = diagnostics.filter { $0.file.path == file.path }
            let others = diagnostics.filter { $0.file.path != file.path }
            throw InvalidFile(own.sorted { $0.range.lowerBound < $1.range.lowerBound } + others)
        }
        return scenario
    }

    mutating func report(_ code: Diagnostic.Code, _ message: String, at range: Range<Int>, help: String? = nil) {
        diagnostics.append(Diagnostic(code, message, in: file, at: range, help: help))
    }
}

extension Diagnostic {
    package init(_ error: JSONSyntaxError, in file: SourceFile) {
        var notes: [Note] = []
        if let related = error.related {
            let position = file.position(of: related.lowerBound)
            notes.append(Note("first", "line \(position.line), column \(position.column)"))
        }
        self.init(.syntax, error.message, in: file, at: error.range, notes: notes, help: error.hint)
    }
}

// The functions below accept any value. If a value has the wrong shape, which `ShapeChecker` reports, they use what
// they can, so that later errors are found too.
extension ScenarioReader {
    fileprivate mutating func scenario(_ node: JSONNode) -> Scenario {
        var identifiers: [String: Range<Int>] = [:]
        let variables = node["variables"]?.members.map { variable($0.key, $0.value) } ?? []
        let environments =
            node["environments"]?.members.map { block in
                Environment(
                    name: block.key.string ?? "", variables: block.value.members.map { variable($0.key, $0.value) })
            } ?? []
        secretNames = Set((variables + environments.flatMap(\.variables)).filter(\.isSecret).map(\.name))
        let setup = steps(node["setup"], &identifiers)
        let steps = steps(node["steps"], &identifiers)
        let teardown = self.steps(node["teardown"], &identifiers)
        return Scenario(
            file: file,
            name: node["name"]?.string ?? "",
            description: node["description"]?.string,
            tags: node["tags"]?.elements.compactMap(\.string) ?? [],
            variables: variables,
            environments: environments,
            data: data(node["data"], types: types(of: variables, besides: environments)),
            client: client(node["client"]),
            requires: node["requires"]?.elements.compactMap(\.string) ?? [],
            skipReason: node["skip"]?.string,
            isExclusive: node["exclusive"]?.boolean ?? false,
            setup: setup,
            steps: steps,
            teardown: teardown,
            load: loadSettings(node["load"], of: steps),
            audit: auditSettings(node["audit"], of: setup + steps + teardown))
    }

    private mutating func variable(_ key: JSONNode, _ node: JSONNode) -> Variable {
        let name = key.string ?? ""
        if !Self.isName(name) {
            report(
                .invalidValue, "\"\(name)\" is not a valid variable name", at: key.range,
                help: "use letters, digits and _; do not start with a digit")
        }
        guard node.kind == .object else {
            return Variable(name: name, source: .value(value(node)), isSecret: false, range: key.range)
        }
        var source = Variable.Source.value(node["value"].map { value($0) } ?? .constant(.null))
        if let environment = node["env"]?.string {
            source = .environment(name: environment, default: node["default"].map { value($0) })
        }
        return Variable(
            name: name, source: source, isSecret: node["secret"]?.boolean ?? false, range: key.range)
    }

    private mutating func steps(_ node: JSONNode?, _ identifiers: inout [String: Range<Int>]) -> [Step] {
        node?.elements.map { step($0, &identifiers) } ?? []
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
        return text.unicodeScalars.allSatisfy {
            $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
    }
}
