/// What is allowed at a place in a scenario file.
///
/// The tables built from shapes (`ScenarioShapes`) are the only definition of the format. The strict reader checks
/// files against them, and the published schema and reference are generated from them.
package indirect enum Shape: Sendable {
    /// Literal text.
    case string
    /// One of a fixed set of words.
    case keyword([String])
    /// Text in which `{{…}}` is replaced.
    case template
    case boolean
    case integer(ClosedRange<Int>)
    case number
    /// A length of time: `"250ms"`, `"10s"`, `"1m30s"`.
    case duration
    /// How often something happens: `"2000/s"`, `"90/min"`.
    case rate
    /// Text that holds an RFC 9535 JSONPath.
    case jsonPath
    /// Any JSON; its strings are templates.
    case value
    case list(Shape, minimum: Int = 0)
    /// An object whose keys the author chooses.
    case map(keys: String, Shape)
    /// An object of the format. A function, because steps contain steps.
    case object(@Sendable () -> ObjectShape)
    /// One of these, distinguished by JSON type.
    case oneOf([Shape])
    /// A matcher: an object of operators, or any other JSON value, which means equality with that value.
    case matcher
}

/// An object of the format: its keys, and which of them exclude each other.
package struct ObjectShape: Sendable {
    /// The name in messages and in the reference: "step", "request".
    package let name: String
    package let summary: String
    package let keys: [KeyShape]
    /// Groups of mutually exclusive keys. At most one key of a group may be present; exactly one if the group is
    /// required.
    package let alternatives: [Alternatives]

    package struct Alternatives: Sendable {
        package let keys: [String]
        package let isRequired: Bool

        static func exactlyOne(_ keys: String...) -> Self { Self(keys: keys, isRequired: true) }
        static func atMostOne(_ keys: String...) -> Self { Self(keys: keys, isRequired: false) }
    }

    /// `a step`, `an expectation`.
    var nameWithArticle: String { ("aeio".contains(name.first ?? "x") ? "an " : "a ") + name }

    init(_ name: String, _ summary: String, _ keys: [KeyShape], alternatives: [Alternatives] = []) {
        self.name = name
        self.summary = summary
        self.keys = keys
        self.alternatives = alternatives
    }
}

/// A key of an object of the format.
package struct KeyShape: Sendable {
    package let name: String
    package let shape: Shape
    package let summary: String
    package let isRequired: Bool

    init(_ name: String, _ shape: Shape, _ summary: String, required: Bool = false) {
        self.name = name
        self.shape = shape
        self.summary = summary
        isRequired = required
    }
}

extension Shape {
    /// What a message says is expected: "a number", "an object".
    package var expectation: String {
        switch self {
        case .string, .template, .jsonPath: "a string"
        case .keyword(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
        case .boolean: "true or false"
        case .integer(let range) where range.upperBound == .max: "a whole number of at least \(range.lowerBound)"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .duration: "a duration such as \"250ms\" or \"10s\""
        case .rate: "a rate such as \"2000/s\" or \"90/min\""
        case .value, .matcher: "a JSON value"
        case .list: "an array"
        case .map: "an object"
        case .object(let shape): "an object (\(shape().name))"
        case .oneOf(let shapes): shapes.map(\.expectation).joined(separator: " or ")
        }
    }

    /// Whether a value of this JSON type can have this shape.
    func admits(_ kind: JSONKind) -> Bool {
        switch self {
        case .string, .keyword, .template, .duration, .rate, .jsonPath: kind == .string
        case .boolean: kind == .boolean
        case .integer, .number: kind == .number
        case .value, .matcher: true
        case .list: kind == .array
        case .map, .object: kind == .object
        case .oneOf(let shapes): shapes.contains { $0.admits(kind) }
        }
    }
}
