/// Formats values for messages. Secrets are masked before text is cut or quoted, so that no part of one remains. Only
/// values are masked, never the words around them.
package struct ValueWords: Sendable {
    private let secrets: Secrets
    /// Whether numbers are times, in milliseconds.
    private let isTime: Bool

    package init(hiding secrets: Secrets, isTime: Bool = false) {
        self.secrets = secrets
        self.isTime = isTime
    }

    /// A value and its type: `"cache" (string)`, `301.112ms`.
    package func text(of value: JSON, limit: Int = 300) -> String {
        var text = literal(of: value)
        if text.count > limit { text = "\(text.prefix(limit))… (\(text.count) characters)" }
        if case .number = value, isTime { return text }
        return value == .null ? text : "\(text) (\(value.typeName))"
    }

    /// What was found, or why there is no value.
    package func text(of observed: Observed) -> String {
        switch observed {
        case .missing: "no value"
        case .unreadable(let reason): reason
        case .values(let values) where values.isEmpty: "\(text(of: .array([]))): the path matched nothing"
        case .value, .node, .values: text(of: observed.value ?? .null)
        }
    }

    /// A value as JSON text; a time with its unit.
    func literal(of value: JSON) -> String {
        if case .number(let number) = value, isTime, let text = Duration.text(milliseconds: number.double) {
            return text
        }
        if case .array(let elements) = value, isTime {
            return "[\(elements.map(literal).joined(separator: ", "))]"
        }
        return hide(value.serialized())
    }

    /// Masks secrets in a text from a response, or one to compare with a response.
    func hide(_ text: String) -> String { secrets.redact(text) }

    /// The same, for numbers that are not times, such as a length.
    var ofPlainNumbers: ValueWords { ValueWords(hiding: secrets) }
}
