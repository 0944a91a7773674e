/// Reads a scenario file strictly: all of its errors at once, each with its place, before anything is sent.
package struct ScenarioReader {
    let file: SourceFile
    var diagnostics: [Diagnostic] = []

    private init(file: SourceFile) { self.file = file }

    /// - Parameter externalVariables: names that are given from outside, such as by `--variable`.
    /// - Throws: every error in the file, in the order of their places.
    package static func read(
        _ file: SourceFile, externalVariables: Set<String> = []
    ) throws(InvalidFile) -> Scenario {
        let document: JSONDocument
        do throws(JSONSyntaxError) {
            document = try JSONDocument(parsing: file.bytes, options: .scenario)
        } catch {
            throw InvalidFile([Diagnostic(error, in: file)])
        }
        var checker = ShapeChecker(file: file)
        checker.check(document.root, against: .object { ScenarioShapes.scenario })
        var reader = ScenarioReader(file: file)
        let scenario = reader.scenario(document.root)
        var diagnostics = checker.diagnostics + reader.diagnostics
        diagnostics += ReferenceChecker.check(scenario, externalVariables: externalVariables)
        guard diagnostics.isEmpty else {
            throw InvalidFile(diagnostics.sorted { $0.range.lowerBound < $1.range.lowerBound })
        }
        return scenario
    }

    mutating func report(_ code: Diagnostic.Code, _ message: String, at range: Range<Int>, help: String? = nil) {
        diagnostics.append(Diagnostic(code, message, in: file, at: range, help: help))
    }
}

extension Diagnostic {
    init(_ error: JSONSyntaxError, in file: SourceFile) {
        var notes: [Note] = []
        if let related = error.related {
            let position = file.position(of: related.lowerBound)
            notes.append(Note("first", "line \(position.line), column \(position.column)"))
        }
        self.init(.syntax, error.message, in: file, at: error.range, notes: notes, help: error.hint)
    }
}

// The functions below are total: where a value has the wrong shape, which the shape checker reports, they go on with
// what is there, so that the errors further down are found too.
extension ScenarioReader {
    fileprivate mutating func scenario(_ node: JSONNode) -> Scenario {
        var identifiers: [String: Range<Int>] = [:]
        let variables = node["variables"]?.members.map { variable($0.key, $0.value) } ?? []
        return Scenario(
            file: file,
            name: node["name"]?.string ?? "",
            description: node["description"]?.string,
            tags: node["tags"]?.elements.compactMap(\.string) ?? [],
            variables: variables,
            client: client(node["client"]),
            isExclusive: node["exclusive"]?.boolean ?? false,
            setup: steps(node["setup"], &identifiers),
            steps: steps(node["steps"], &identifiers),
            teardown: steps(node["teardown"], &identifiers),
            load: loadSettings(node["load"]))
    }

    private mutating func variable(_ key: JSONNode, _ node: JSONNode) -> Variable {
        let name = key.string ?? ""
        if !Self.isName(name) {
            report(
                .invalidValue, "\"\(name)\" cannot be a variable's name", at: key.range,
                help: "letters, digits and _, and no digit first")
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

    private mutating func client(_ node: JSONNode?) -> ClientAddress {
        guard let address = node?["address"], let text = address.string else { return .own }
        switch text {
        case "own": return .own
        case "shared": return .shared
        default:
            if !RecognisedText.isIPv4(text), !RecognisedText.isIPv6(text) {
                report(
                    .invalidValue, "expected \"own\", \"shared\" or an IP address, found \"\(text)\"",
                    at: address.range)
            }
            return .fixed(text)
        }
    }

    private mutating func steps(_ node: JSONNode?, _ identifiers: inout [String: Range<Int>]) -> [Step] {
        node?.elements.map { step($0, &identifiers) } ?? []
    }

    private mutating func loadSettings(_ node: JSONNode?) -> LoadSettings {
        LoadSettings(
            virtualUsers: node?["virtualUsers"]?.number?.int,
            duration: duration(node?["duration"]),
            warmUp: duration(node?["warmUp"]),
            classes: node?["classes"]?.members.map {
                LoadSettings.ResponseClass(name: $0.key.string ?? "", expectation: expectation($0.value))
            } ?? [])
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
        return text.unicodeScalars.allSatisfy {
            $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
    }
}
