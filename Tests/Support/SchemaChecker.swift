import Scenario

/// The subset of JSON Schema that the published formats use. A member that the schema does not name is a problem too,
/// so that every member of a report is documented.
package struct SchemaChecker {
    private let root: JSON
    package private(set) var problems: [String] = []

    package init(_ root: JSON) { self.root = root }

    package mutating func check(_ value: JSON) { check(value, root, at: "$") }

    private mutating func check(_ value: JSON, _ schema: JSON, at path: String) {
        guard case .object(let rules) = schema else { return problems.append("\(path): the schema is not an object") }
        if let reference = rules["$ref"] { check(value, resolve(reference), at: path) }
        if let constant = rules["const"], constant != value { problems.append("\(path): not \(constant)") }
        if case .array(let allowed)? = rules["enum"], !allowed.contains(value) { problems.append("\(path): \(value)") }
        if case .array(let schemas)? = rules["oneOf"] {
            let matching = schemas.count { schema in
                var checker = SchemaChecker(root)
                checker.check(value, schema, at: path)
                return checker.problems.isEmpty
            }
            if matching != 1 { problems.append("\(path): matches \(matching) of oneOf") }
        }
        if case .string(let type)? = rules["type"] { check(value, isOf: type, at: path) }
        if case .number(let minimum)? = rules["minimum"], case .number(let number) = value, number < minimum {
            problems.append("\(path): \(number.literal) is below \(minimum.literal)")
        }
        switch value {
        case .array(let elements):
            guard let items = rules["items"] else { return }
            for (index, element) in elements.enumerated() { check(element, items, at: "\(path)[\(index)]") }
        case .object(let members): check(members, rules, at: path)
        default: break
        }
    }

    private mutating func check(_ members: JSONObject, _ rules: JSONObject, at path: String) {
        if case .array(let required)? = rules["required"] {
            for case .string(let key) in required where members[key] == nil { problems.append("\(path): no \(key)") }
        }
        guard case .object(let properties)? = rules["properties"] else { return }
        for member in members {
            guard let schema = properties[member.key] else {
                problems.append("\(path): \(member.key) is not in the schema")
                continue
            }
            check(member.value, schema, at: "\(path).\(member.key)")
        }
    }

    private mutating func check(_ value: JSON, isOf type: String, at path: String) {
        if type == "integer", case .number(let number) = value, number.int != nil { return }
        if value.typeName != type { problems.append("\(path): \(value.typeName), not \(type)") }
    }

    private func resolve(_ reference: JSON) -> JSON {
        guard case .string(let text) = reference, case .object(let root) = root,
            case .object(let definitions)? = root["$defs"], text.hasPrefix("#/$defs/")
        else { return .null }
        return definitions[String(text.dropFirst("#/$defs/".count))] ?? .null
    }
}
