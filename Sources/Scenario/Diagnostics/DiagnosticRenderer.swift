/// Prints a diagnostic: headline, place, the source line with carets, facts and help.
///
///     error[unknown-key]: unknown key "expct" in a step
///       --> login.json:12:7
///        |
///     12 |       "expct": { "status": 200 }
///        |       ^^^^^^^
///        = help: did you mean "expect"?
package struct DiagnosticRenderer: Sendable {
    package let style: TextStyle
    /// Longer source lines are shortened around the carets.
    private let width = 110

    package init(style: TextStyle) { self.style = style }

    package func render(_ diagnostic: Diagnostic) -> String {
        let position = diagnostic.position
        let gutter = String(position.line).count
        let margin = String(repeating: " ", count: gutter)
        let bar = style(.blue, "|")

        var lines = [
            style(.boldRed, "error[\(diagnostic.code.rawValue)]")
                + style(.bold, ": \(Self.printable(diagnostic.message))"),
            "\(margin)\(style(.blue, "-->")) \(Self.printable(diagnostic.file.path)):\(position.line):\(position.column)",
        ]
        if !diagnostic.file.bytes.isEmpty {
            let excerpt = Excerpt(of: diagnostic, width: width)
            lines.append("\(margin) \(bar)")
            lines.append("\(style(.blue, String(position.line))) \(bar) \(excerpt.source)".trimmingTrailingSpaces)
            let label = diagnostic.label.map { " \(Self.printable($0))" } ?? ""
            lines.append("\(margin) \(bar) \(excerpt.indent)\(style(.boldRed, excerpt.carets + label))")
        }
        let column = diagnostic.notes.map(\.name.count).max() ?? 0
        for note in diagnostic.notes {
            lines += facts(note.name, padded: column, note.text, margin: margin)
        }
        if let help = diagnostic.help {
            lines += facts("help", padded: 0, help, margin: margin)
        }
        return lines.joined(separator: "\n")
    }

    /// A fact. Its continuation lines are indented to its first.
    private func facts(_ name: String, padded column: Int, _ text: String, margin: String) -> [String] {
        let padding = String(repeating: " ", count: max(0, column - name.count))
        let indent = margin + String(repeating: " ", count: 5 + max(column, name.count))
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            let line = Self.printable(String(line))
            guard index == 0 else { return "\(indent)\(line)" }
            return "\(margin) \(style(.blue, "=")) \(style(.bold, name)):\(padding) \(line)"
        }
    }

    /// Escapes control characters, which could move the cursor or change the terminal's colours.
    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\t" }) else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
                    guard scalar.properties.generalCategory == .control, scalar != "\t" else { return [scalar] }
                    return Array("\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
                }))
    }
}

/// The part of a source line with the offending text, and the carets below it.
private struct Excerpt {
    var source: String
    var indent: String
    var carets: String

    init(of diagnostic: Diagnostic, width: Int) {
        let (file, position) = (diagnostic.file, diagnostic.position)
        let lineRange = file.lineRange(position.line)
        let base = file.scalars(before: lineRange.lowerBound)
        let count = file.scalars(before: lineRange.upperBound) - base
        let start = min(position.column - 1, count)
        let endOffset = min(max(diagnostic.range.upperBound, diagnostic.range.lowerBound), lineRange.upperBound)
        let end = max(file.position(of: endOffset).column - 1, start + 1)

        // Keep the first caret visible, with some context before it.
        var first = 0
        if count > width, start > width * 2 / 3 { first = start - width / 3 }
        let last = min(count, first + width)
        func text(_ range: Range<Int>) -> String {
            DiagnosticRenderer.printable(file.text(scalars: base + range.lowerBound..<base + range.upperBound))
        }
        let (head, tail) = (first > 0 ? "…" : "", last < count ? "…" : "")
        source = head + text(first..<last) + tail
        // Tabs stay tabs, so that the carets line up at any tab width.
        indent = (first > 0 ? " " : "") + String(text(first..<start).map { $0 == "\t" ? "\t" : " " })
        carets = String(repeating: "^", count: max(1, min(end, max(last, start + 1)) - start))
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
