/// The body of `POST /todos`. `title` is required; `completed` defaults to false.
package struct TodoInput: Sendable, Equatable {
    package static let title = StringRule(length: 1...200)

    package var title: String
    package var completed: Bool

    package init(title: String, completed: Bool = false) {
        self.title = title
        self.completed = completed
    }

    /// Validates every field and reports all issues together.
    package init(_ object: JSONObject) throws(HTTPError) {
        var fields = FieldReader(object)
        let title = fields.string("title", Self.title, isRequired: true)
        let completed = fields.bool("completed")
        try fields.finish()
        self.init(title: title ?? "", completed: completed ?? false)
    }
}

/// The body of `PATCH /todos/{id}`. Absent fields stay unchanged.
package struct TodoChange: Sendable, Equatable {
    package var title: String?
    package var completed: Bool?

    package init(title: String? = nil, completed: Bool? = nil) {
        self.title = title
        self.completed = completed
    }

    package init(_ object: JSONObject) throws(HTTPError) {
        var fields = FieldReader(object)
        title = fields.string("title", TodoInput.title, isRequired: false)
        completed = fields.bool("completed")
        try fields.finish()
    }
}
