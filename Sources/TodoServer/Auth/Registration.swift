/// The body of `POST /register`.
package struct Registration: Sendable, Equatable {
    package static let username = StringRule(
        length: 3...64,
        pattern: .init(text: "^[A-Za-z0-9_.-]+$") { scalar in
            switch scalar {
            case "A"..."Z", "a"..."z", "0"..."9", "_", ".", "-": true
            default: false
            }
        })
    package static let password = StringRule(
        length: 8...Passwords.maximumBytes, unit: .bytes, pattern: .init(text: "^[^\\x00]*$") { $0 != "\0" })

    package var username: String
    package var password: String

    /// Validates every field and reports all issues together. No issue repeats the password.
    package init(_ object: JSONObject) throws(HTTPError) {
        var fields = FieldReader(object, secret: "password")
        let username = fields.string("username", Self.username, isRequired: true)
        let password = fields.string("password", Self.password, isRequired: true)
        try fields.finish()
        self.username = username ?? ""
        self.password = password ?? ""
    }
}
