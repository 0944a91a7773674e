/// The body of `POST /todos`: `title` is required, `completed` is false unless given.
package struct TodoInput: Sendable, Equatable {
    package static let titleLength = 1...200

    package var title: String
    package var completed: Bool

    /// Checks every field and reports all that is wrong at once. Unknown fields are ignored.
    package init(_ object: JSONObject) throws(HTTPError) {
        var issues: [ValidationIssue] = []
        let title = Self.title(object, &issues)
        let completed = Self.completed(object, &issues)
        guard issues.isEmpty, let title else { throw .invalid(issues) }
        self.title = title
        self.completed = completed ?? false
    }

    private static func title(_ object: JSONObject, _ issues: inout [ValidationIssue]) -> String? {
        guard let value = object["title"] else {
            issues.append(.missing("title", in: .object(object)))
            return nil
        }
        guard case .string(let title) = value else {
            issues.append(.init(.stringType, at: "title", "Input should be a valid string", input: value))
            return nil
        }
        // Counted in code points, as JSON Schema counts a string's length.
        let length = title.unicodeScalars.count
        if length < titleLength.lowerBound {
            issues.append(
                .init(.stringTooShort, at: "title", "String should have at least 1 character", input: value))
        } else if length > titleLength.upperBound {
            issues.append(
                .init(.stringTooLong, at: "title", "String should have at most 200 characters", input: value))
        }
        return title
    }

    private static func completed(_ object: JSONObject, _ issues: inout [ValidationIssue]) -> Bool? {
        guard let value = object["completed"] else { return nil }
        guard case .bool(let completed) = value else {
            issues.append(.init(.boolType, at: "completed", "Input should be a valid boolean", input: value))
            return nil
        }
        return completed
    }
}
