/// Reads the fields of a JSON body and collects all validation issues. Ignores unknown fields.
struct FieldReader {
    private let object: JSONObject
    /// The object with its secret field masked, for use in issues.
    private let shown: JSONObject
    private var issues: [ValidationIssue] = []

    /// - Parameter secret: a field whose value is masked in issues.
    init(_ object: JSONObject, secret: String? = nil) {
        self.object = object
        shown = JSONObject(
            members: object.members.map { $0.name == secret ? .init(name: $0.name, value: "**********") : $0 })
    }

    /// Reads a string and applies a rule. Returns nil if it is absent or invalid.
    mutating func string(_ name: String, _ rule: StringRule, isRequired: Bool) -> String? {
        guard let value = object[name] else {
            if isRequired { issues.append(.missing(name, in: .object(shown))) }
            return nil
        }
        guard case .string(let text) = value else {
            issues.append(.init(.stringType, at: name, "Input should be a valid string", input: shown[name] ?? .null))
            return nil
        }
        if let fault = rule.fault(in: text) {
            issues.append(.init(fault.kind, at: name, fault.message, input: shown[name] ?? .null))
            return nil
        }
        return text
    }

    /// Reads a boolean. Returns nil if it is absent or invalid.
    mutating func bool(_ name: String) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let bool) = value else {
            issues.append(.init(.boolType, at: name, "Input should be a valid boolean", input: shown[name] ?? .null))
            return nil
        }
        return bool
    }

    /// Throws the collected issues, if any. Call it after all fields have been read.
    func finish() throws(HTTPError) {
        guard issues.isEmpty else { throw .invalid(issues) }
    }
}
