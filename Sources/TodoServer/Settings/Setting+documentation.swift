extension Setting {
    /// The help of the option.
    package var help: String { "\(Self.plain(summary)). \(variable) (default: \(Self.plain(markdownDefault)))" }

    /// The table of all settings in `docs/server.md`.
    package static var markdownTable: String {
        (["| Option | Variable | Default | |", "|---|---|---|---|"] + all.map(\.markdownRow)).joined(separator: "\n")
    }

    private var markdownRow: String {
        let text = details.isEmpty ? summary : summary + "; " + details
        return "| `--\(name)` | `\(variable)` | \(markdownDefault) | \(text) |"
    }

    /// Markdown without its marks for code.
    static func plain(_ markdown: String) -> String { markdown.replacing("`", with: "") }
}
