/// An array or object on one line, within a limit of columns.
struct FlatLine {
    private let document: JSONDocument
    private let limit: Int
    private(set) var text: [UInt8] = []
    private var columns = 0

    private struct DoesNotFit: Error {}

    /// Nil if the value spans lines or exceeds the limit. Stops soon after the limit is exceeded.
    init?(_ value: Int, of document: JSONDocument, limit: Int) {
        self.document = document
        self.limit = limit
        do throws(DoesNotFit) { try append(value) } catch { return nil }
    }

    private mutating func append(_ value: Int) throws(DoesNotFit) {
        let entry = document.tape[value]
        guard entry.kind == .array || entry.kind == .object else { return try append(entry.range) }
        // Each child needs at least one column.
        guard entry.count <= limit - columns else { throw DoesNotFit() }
        let children = document.formattedChildren(of: value)
        let padding = entry.kind == .object ? " " : ""
        let close = entry.range.upperBound - 1
        try append(entry.range.prefix(1))
        var pending = try comments(in: entry.range.lowerBound + 1..<(children.first?.range.lowerBound ?? close))
        if !children.isEmpty || !pending.isEmpty { try append(padding) }
        for (position, child) in children.enumerated() {
            for comment in pending {
                try append(comment.range)
                try append(" ")
            }
            try append(child)
            let next = position + 1 < children.count ? children[position + 1].range.lowerBound : nil
            let after = try comments(in: child.range.upperBound..<(next ?? close))
            for comment in after where !comment.isAfterComma || next == nil {
                try append(" ")
                try append(comment.range)
            }
            if next != nil { try append(", ") }
            pending = next == nil ? [] : after.filter(\.isAfterComma)
        }
        // An empty container may hold only comments.
        for (position, comment) in pending.enumerated() {
            if position > 0 { try append(" ") }
            try append(comment.range)
        }
        if text.last != document.bytes[entry.range.lowerBound] { try append(padding) }
        try append(close..<close + 1)
    }

    private mutating func append(_ child: FormattedChild) throws(DoesNotFit) {
        if let name = child.name {
            try append(name)
            try append(": ")
            for comment in try comments(in: name.upperBound..<document.tape[child.value].range.lowerBound) {
                try append(comment.range)
                try append(" ")
            }
        }
        try append(child.value)
    }

    private func comments(in range: Range<Int>) throws(DoesNotFit) -> [SourceComment] {
        let gap = SourceGap(range, in: document.bytes)
        guard !gap.spansLines else { throw DoesNotFit() }
        return gap.comments
    }

    private mutating func append(_ range: Range<Int>) throws(DoesNotFit) {
        // A scalar takes between one and four bytes, and one column.
        guard range.count <= 4 * limit else { throw DoesNotFit() }
        try append(document.bytes[range])
    }

    private mutating func append(_ string: String) throws(DoesNotFit) { try append(Array(string.utf8)[...]) }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(DoesNotFit) {
        text += bytes
        columns += bytes.columnCount
        guard columns <= limit else { throw DoesNotFit() }
    }
}

extension ArraySlice<UInt8> {
    /// Number of Unicode scalars in UTF-8 text.
    var columnCount: Int { reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
}
