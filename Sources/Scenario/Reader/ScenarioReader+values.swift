extension ScenarioReader {
    mutating func template(_ node: JSONNode?) -> Template {
        guard let node, let text = node.string else { return Template(text: "") }
        do throws(TemplateParser.Fault) { return try TemplateParser.parse(text) } catch {
            report(.template, error.message, at: place(error.range, in: node, text), help: error.help)
            return Template(text: text)
        }
    }

    /// Reads any JSON value, treating its strings as templates.
    mutating func value(_ node: JSONNode) -> TemplateValue {
        switch node.kind {
        case .string:
            let template = template(node)
            return template.constantText.map { .constant(.string($0)) } ?? .template(template)
        case .array:
            let elements = node.elements.map { value($0) }
            let constants = elements.compactMap(\.constant)
            return constants.count == elements.count ? .constant(.array(constants)) : .array(elements)
        case .object:
            let members = node.members.map { (key: $0.key.string ?? "", value: value($0.value)) }
            guard members.allSatisfy({ $0.value.constant != nil }) else { return .object(members) }
            return .constant(node.value)
        case .null, .boolean, .number: return .constant(node.value)
        }
    }

    mutating func duration(_ node: JSONNode?) -> Duration? {
        guard let node, let text = node.string else { return nil }
        guard let duration = Duration(parsing: text) else {
            report(
                .invalidValue, "\"\(text)\" is not a valid duration", at: node.range,
                help: "use a number with a unit: 500us, 250ms, 10s, 1m30s, 1h")
            return nil
        }
        return duration
    }

    mutating func jsonPath(_ node: JSONNode) -> JSONPath? {
        guard let text = node.string else { return nil }
        do throws(JSONPathError) { return try JSONPath(parsing: text) } catch {
            report(.jsonPath, error.message, at: place(error.range, in: node, text))
            return nil
        }
    }

    mutating func regularExpression(_ node: JSONNode) -> RegularExpression? {
        guard let pattern = node.string else { return nil }
        do throws(PatternError) { return try RegularExpression(pattern) } catch {
            report(
                .regularExpression, "\"\(pattern)\" is not a valid regular expression: \(error.message)",
                at: place(error.range, in: node, pattern), help: error.hint)
            return nil
        }
    }

    /// Maps a range within a string to the file. If the string has escapes, offsets differ, so the range is the whole
    /// string.
    func place(_ range: Range<Int>, in node: JSONNode, _ text: String) -> Range<Int> {
        guard node.range.count == text.utf8.count + 2 else { return node.range }
        let start = node.range.lowerBound + 1
        return start + range.lowerBound..<max(start + range.upperBound, start + range.lowerBound + 1)
    }
}

extension TemplateValue {
    var constant: JSON? { if case .constant(let value) = self { value } else { nil } }
}
