import NIOCore
import NIOHTTP1

/// A validation issue in a request body: one entry of a 422 response's `detail`.
package struct ValidationIssue: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case missing
        case stringType = "string_type"
        case stringTooShort = "string_too_short"
        case stringTooLong = "string_too_long"
        case stringPatternMismatch = "string_pattern_mismatch"
        case boolType = "bool_type"
        case jsonInvalid = "json_invalid"
        case modelAttributesType = "model_attributes_type"
    }

    package var kind: Kind
    /// `["body"]`, `["body", "title"]`, or `["body", 17]` for a byte offset in invalid JSON.
    package var location: [JSONValue]
    package var message: String
    /// The invalid input.
    package var input: JSONValue

    package init(_ kind: Kind, at field: String? = nil, _ message: String, input: JSONValue) {
        self.kind = kind
        self.location = [.string("body")] + (field.map { [.string($0)] } ?? [])
        self.message = message
        self.input = input
    }

    package static func missing(_ field: String? = nil, in input: JSONValue) -> Self {
        Self(.missing, at: field, "Field required", input: input)
    }

    package static func notJSON(_ error: JSONError) -> Self {
        var issue = Self(.jsonInvalid, "JSON decode error: \(error.reason)", input: .object(JSONObject()))
        issue.location.append(.number(String(error.offset)))
        return issue
    }
}

extension Response {
    package init(issues: [ValidationIssue]) {
        self.init(status: .unprocessableEntity) {
            $0.writeStaticString("{\"detail\":")
            $0.writeList(issues, "[", "]") {
                $0.writeStaticString("{\"type\":")
                $0.writeJSON($1.kind.rawValue)
                $0.writeStaticString(",\"loc\":")
                $0.writeJSON(.array($1.location))
                $0.writeStaticString(",\"msg\":")
                $0.writeJSON($1.message)
                $0.writeStaticString(",\"input\":")
                $0.writeJSON($1.input)
                $0.writeStaticString("}")
            }
            $0.writeStaticString("}")
        }
    }
}
