/// A JSON value whose strings may be templates.
package indirect enum TemplateValue: Sendable {
    /// A part without expressions, which never changes.
    case constant(JSON)
    case template(Template)
    case array([TemplateValue])
    case object([(key: String, value: TemplateValue)])

    package func render(_ scope: Scope) throws(TemplateError) -> JSON {
        switch self {
        case .constant(let value): return value
        case .template(let template): return try template.render(scope)
        case .array(let elements):
            var rendered: [JSON] = []
            for element in elements { rendered.append(try element.render(scope)) }
            return .array(rendered)
        case .object(let members):
            var rendered = JSONObject()
            for member in members { rendered[member.key] = try member.value.render(scope) }
            return .object(rendered)
        }
    }

    package var expressions: [Expression] {
        switch self {
        case .constant: []
        case .template(let template): template.expressions
        case .array(let elements): elements.flatMap(\.expressions)
        case .object(let members): members.flatMap(\.value.expressions)
        }
    }
}
