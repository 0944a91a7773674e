/// A setting of the server, declared once: its option, environment variable, default and documentation, and how it is
/// read, checked and shown. `Setting.all` has one for each.
package struct Setting: Sendable {
    /// The name of the option, without dashes.
    package let name: String
    /// What it does, as Markdown, for the help and for the documentation.
    let summary: String
    /// More for the documentation only.
    let details: String
    /// The default as Markdown: a value in backticks, or a description.
    let markdownDefault: String
    private let read: @Sendable (String, inout Configuration) throws -> Void
    private let fault: @Sendable (Configuration) -> String?
    private let text: @Sendable (Configuration) -> String

    /// - Parameters:
    ///   - standard: describes the default, as Markdown, if it is not the same value everywhere.
    ///   - details: follow the summary in the documentation.
    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable, _ format: SettingFormat<Value>,
        standard: String? = nil, _ summary: String, details: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        markdownDefault = standard ?? "`\(format.text(Configuration()[keyPath: path]))`"
        read = { text, configuration in
            guard let value = try format.parse(text) else {
                throw Configuration.Invalid(description: "'\(text)' is not \(format.expected)")
            }
            configuration[keyPath: path] = value
        }
        fault = { format.fault($0[keyPath: path]) }
        text = { format.text($0[keyPath: path]) }
    }

    /// A setting without a value by default.
    /// - Parameter unset: describes what holds then, as Markdown.
    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<Configuration, Value?> & Sendable, _ format: SettingFormat<Value>,
        unset: String, _ summary: String, details: String = ""
    ) {
        self.init(
            name, path, .optional(format, unset: Self.plain(unset)), standard: unset, summary, details: details)
    }

    /// The environment variable: `TODO_RATE_LIMIT` for `rate-limit`.
    package var variable: String { "TODO_" + name.replacing("-", with: "_").uppercased() }

    /// The value in a configuration, with secrets masked.
    package func text(in configuration: Configuration) -> String { text(configuration) }

    /// Sets the value.
    /// - Throws: an error that says what is wrong with the text.
    package func set(_ text: String, in configuration: inout Configuration) throws {
        try read(text, &configuration)
    }

    /// What is wrong with the value in a configuration, regardless of other settings; nil if nothing is.
    func fault(in configuration: Configuration) -> String? { fault(configuration) }
}
