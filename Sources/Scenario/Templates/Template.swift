/// Text in which `{{…}}` is replaced when a request is built.
///
/// A lone `{{n}}` keeps the JSON type of its value; within other text, the value is written out.
package struct Template: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case text(String)
        case expression(Expression)
    }

    package let parts: [Part]

    package init(parts: [Part]) { self.parts = parts }

    /// Creates a template without any `{{…}}`.
    package init(text: String) { parts = text.isEmpty ? [] : [.text(text)] }

    /// The text, if the template has no expression and so never changes; otherwise nil.
    package var constantText: String? {
        switch parts.count {
        case 0: return ""
        case 1: if case .text(let text) = parts[0] { return text } else { return nil }
        default: return nil
        }
    }

    package var expressions: [Expression] {
        parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    }

    /// Whether it renders to the same text as long as its variables stay the same.
    package var isPure: Bool { expressions.allSatisfy(\.isPure) }

    package func render(_ scope: Scope) throws(TemplateError) -> JSON {
        if parts.count == 1, case .expression(let expression) = parts[0] {
            return try expression.evaluate(scope)
        }
        return .string(try text(scope))
    }

    /// Renders to text. A string is inserted as it is, any other value as compact JSON.
    package func text(_ scope: Scope) throws(TemplateError) -> String {
        if let constantText { return constantText }
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .expression(let expression): result += try expression.evaluate(scope).templateText
            }
        }
        return result
    }
}

/// The content of `{{…}}`: `token`, `user.name`, `uuid()`, `randomInt(1, 6)`, `'text'`.
package indirect enum Expression: Hashable, Sendable {
    case literal(JSON)
    case variable(String, path: [PathElement])
    case call(TemplateFunction, arguments: [Expression])

    package enum PathElement: Hashable, Sendable {
        case member(String)
        case element(Int)
    }

    /// All variables that occur in the expression.
    package var variables: Set<String> {
        switch self {
        case .literal: []
        case .variable(let name, _): [name]
        case .call(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.variables) }
        }
    }

    /// Whether it has the same value as long as its variables stay the same.
    package var isPure: Bool {
        switch self {
        case .literal, .variable: true
        case .call(let function, let arguments): function.isPure && arguments.allSatisfy(\.isPure)
        }
    }

    func evaluate(_ scope: Scope) throws(TemplateError) -> JSON {
        switch self {
        case .literal(let value): return value
        case .variable(let name, let path):
            guard let value = scope.variables[name] else { throw .undefinedVariable(name) }
            return try Self.follow(path, from: value, named: name)
        case .call(let function, let arguments):
            var values: [JSON] = []
            for argument in arguments { values.append(try argument.evaluate(scope)) }
            return try function.call(values, scope.context)
        }
    }

    private static func follow(
        _ path: [PathElement], from value: JSON, named name: String
    ) throws(TemplateError) -> JSON {
        var value = value
        var written = name
        for element in path {
            switch (element, value) {
            case (.member(let key), .object(let object)):
                guard let next = object[key] else { throw .noSuchMember(key, of: written) }
                value = next
                written += ".\(key)"
            case (.element(let index), .array(let elements)):
                guard elements.indices.contains(index) else { throw .noSuchMember("[\(index)]", of: written) }
                value = elements[index]
                written += "[\(index)]"
            case (.member(let key), _): throw .noSuchMember(key, of: "\(written), \(value.kindWithArticle)")
            case (.element(let index), _): throw .noSuchMember("[\(index)]", of: "\(written), \(value.kindWithArticle)")
            }
        }
        return value
    }
}

extension JSON {
    /// The value as part of a text: a string as it is, any other value as compact JSON.
    package var templateText: String {
        if case .string(let text) = self { return text }
        return serialized()
    }

    package var kindWithArticle: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The variables and context that the expressions of a template are evaluated in.
package struct Scope: Sendable {
    package var variables: [String: JSON]
    package let context: TemplateContext
    /// Secrets to mask when values are shown in messages.
    package var secrets: Secrets

    package init(variables: [String: JSON] = [:], context: TemplateContext, secrets: Secrets = Secrets()) {
        self.variables = variables
        self.context = context
        self.secrets = secrets
    }
}

/// Why a template could not be rendered.
package enum TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    case undefinedVariable(String)
    case noSuchMember(String, of: String)
    /// A function failed, for example because of an invalid argument.
    case function(String, reason: String)
    /// A file for a request cannot be read.
    case unreadable(String, reason: String)
    /// The rendered text is not a valid regular expression.
    case pattern(String, reason: String)

    package var description: String {
        switch self {
        case .undefinedVariable(let name): "the variable \"\(name)\" has no value"
        case .noSuchMember(let key, let parent): "there is no \"\(key)\" in \(parent)"
        case .function(let name, let reason): "\(name)(): \(reason)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .pattern(let pattern, let reason): "\"\(pattern)\" is not a valid regular expression: \(reason)"
        }
    }
}
