/// The rule for a string field, used both to validate it and for its schema in `/openapi.json`.
package struct StringRule: Sendable {
    package enum Unit: Sendable {
        /// Code points, as JSON Schema counts a string's length.
        case characters
        /// UTF-8 code units.
        case bytes
    }

    /// A regular expression that tests each character on its own, and an equivalent function.
    package struct Pattern: Sendable {
        var text: String
        var allows: @Sendable (Unicode.Scalar) -> Bool
    }

    package var length: ClosedRange<Int>
    package var unit = Unit.characters
    package var pattern: Pattern?

    /// The kind and message of the first violation; nil if the text is valid.
    package func fault(in text: String) -> (kind: ValidationIssue.Kind, message: String)? {
        let count = unit == .characters ? text.unicodeScalars.count : text.utf8.count
        if count < length.lowerBound {
            return (.stringTooShort, "String should have at least \(size(length.lowerBound))")
        }
        if count > length.upperBound {
            return (.stringTooLong, "String should have at most \(size(length.upperBound))")
        }
        if let pattern, !text.unicodeScalars.allSatisfy(pattern.allows) {
            return (.stringPatternMismatch, "String should match pattern '\(pattern.text)'")
        }
        return nil
    }

    private func size(_ count: Int) -> String {
        "\(count) \(unit == .characters ? "character" : "byte")\(count == 1 ? "" : "s")"
    }

    package var schema: JSONValue {
        var members: [JSONObject.Member] = [
            .init(name: "type", value: "string"),
            .init(name: "minLength", value: .number(String(length.lowerBound))),
            .init(name: "maxLength", value: .number(String(length.upperBound))),
        ]
        if let pattern { members.append(.init(name: "pattern", value: .string(pattern.text))) }
        if unit == .bytes {
            members.append(.init(name: "description", value: "The length limits count UTF-8 bytes."))
        }
        return .object(JSONObject(members: members))
    }
}
