/// Rows of fields as CSV (RFC 4180).
struct CSVText {
    var rows: [[String]] = []

    var text: String { rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined() }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
