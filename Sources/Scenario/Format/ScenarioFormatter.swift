/// Formats a scenario file in the canonical layout, without changing values or comments.
///
/// - Two spaces per level, one member or element per line, and a space inside the braces of a one-line object.
/// - An array or object that was on one line stays there if the line fits in 100 columns.
/// - A comment at the end of a line stays there; a comment on its own line stays above what follows it.
/// - Runs of empty lines become one. None remain after an opening or before a closing bracket.
/// - No trailing comma; one line feed at the end.
///
/// Formatting is idempotent.
package func formatScenario(_ bytes: [UInt8]) throws(JSONSyntaxError) -> [UInt8] {
    var formatter = ScenarioFormatter(try JSONDocument(parsing: bytes, options: .scenario))
    return formatter.format()
}

/// Writes a document in the layout described at ``formatScenario(_:)``.
struct ScenarioFormatter {
    private let document: JSONDocument
    private var text: [UInt8] = []
    private var depth = 0

    private static let maximumColumns = 100

    init(_ document: JSONDocument) { self.document = document }

    mutating func format() -> [UInt8] {
        let root = document.tape[0].range
        let child = FormattedChild(name: nil, value: 0, range: root)
        write(child, after: gap(0..<root.lowerBound), isFirst: true, isLast: true)
        var end = gap(root.upperBound..<document.bytes.count)
        writeBeside(end.takeBeside(hasNext: false))
        for comment in end.comments { write(comment, isFirst: false) }
        return text + [UInt8(ascii: "\n")]
    }

    private mutating func write(_ child: FormattedChild, after gap: SourceGap, isFirst: Bool, isLast: Bool) {
        let above = gap.comments.prefix(gap.aboveCount)
        let before = gap.comments.dropFirst(above.count)
        for (position, comment) in above.enumerated() { write(comment, isFirst: isFirst && position == 0) }

        // Comments that do not fit on one line between a name and its value move above them.
        let inner =
            child.name.map { self.gap($0.upperBound..<document.tape[child.value].range.lowerBound).comments } ?? []
        var isAfterEmptyLine = before.first?.isAfterEmptyLine ?? gap.endsInEmptyLine
        if isFirst && above.isEmpty { isAfterEmptyLine = false }
        for comment in inner where comment.isLine || comment.spansLines {
            beginLine(afterEmptyLine: isAfterEmptyLine)
            write(comment)
            isAfterEmptyLine = false
        }

        beginLine(afterEmptyLine: isAfterEmptyLine)
        for comment in before { write(comment, then: " ") }
        if let name = child.name {
            text += document.bytes[name]
            text += ": ".utf8
        }
        for comment in inner where !comment.isLine && !comment.spansLines { write(comment, then: " ") }
        writeValue(child.value, reserved: isLast ? 0 : 1)
        if !isLast { text.append(UInt8(ascii: ",")) }
    }

    /// - Parameter reserved: columns to leave for what follows on the line.
    private mutating func writeValue(_ value: Int, reserved: Int) {
        let entry = document.tape[value]
        if entry.kind != .array && entry.kind != .object {
            text += document.bytes[entry.range]
        } else if let line = FlatLine(value, of: document, limit: Self.maximumColumns - column - reserved) {
            text += line.text
        } else {
            writeLines(value)
        }
    }

    private mutating func writeLines(_ container: Int) {
        let range = document.tape[container].range
        let close = range.upperBound - 1
        let children = document.formattedChildren(of: container)
        var gap = gap(range.lowerBound + 1..<(children.first?.range.lowerBound ?? close))
        text.append(document.bytes[range.lowerBound])
        guard !children.isEmpty || !gap.comments.isEmpty else { return text.append(document.bytes[close]) }
        writeBeside(gap.takeBesideOpening())
        depth += 1
        for (position, child) in children.enumerated() {
            let next = position + 1 < children.count ? children[position + 1].range.lowerBound : nil
            write(child, after: gap, isFirst: position == 0, isLast: next == nil)
            gap = self.gap(child.range.upperBound..<(next ?? close))
            writeBeside(gap.takeBeside(hasNext: next != nil))
        }
        for (position, comment) in gap.comments.enumerated() {
            write(comment, isFirst: children.isEmpty && position == 0)
        }
        depth -= 1
        beginLine(afterEmptyLine: false)
        text.append(document.bytes[close])
    }

    private func gap(_ range: Range<Int>) -> SourceGap { SourceGap(range, in: document.bytes) }
}

extension ScenarioFormatter {
    /// Writes a comment on its own line.
    private mutating func write(_ comment: SourceComment, isFirst: Bool) {
        beginLine(afterEmptyLine: !isFirst && comment.isAfterEmptyLine)
        write(comment)
    }

    private mutating func writeBeside(_ comments: [SourceComment]) {
        for comment in comments {
            text.append(UInt8(ascii: " "))
            write(comment)
        }
    }

    private mutating func write(_ comment: SourceComment, then separator: String = "") {
        let lines = document.bytes[comment.range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        text += lines[0].trimmed(leading: false)
        // If every further line starts with an asterisk, the asterisks are aligned below the first.
        let isAligned = lines.dropFirst().allSatisfy { $0.trimmed(leading: true).first == UInt8(ascii: "*") }
        for line in lines.dropFirst() {
            text.append(UInt8(ascii: "\n"))
            if isAligned { text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth + 1)) }
            text += line.trimmed(leading: isAligned)
        }
        text += separator.utf8
    }

    private mutating func beginLine(afterEmptyLine: Bool) {
        if !text.isEmpty { text += afterEmptyLine ? "\n\n".utf8 : "\n".utf8 }
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    /// Columns used on the current line.
    private var column: Int {
        let start = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return text[start...].columnCount
    }
}

extension ArraySlice<UInt8> {
    fileprivate func trimmed(leading: Bool) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
        }
        let end = lastIndex { !isSpace($0) }.map { $0 + 1 } ?? startIndex
        return leading ? self[..<end].drop(while: isSpace) : self[..<end]
    }
}
