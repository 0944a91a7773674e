/// A comment, and how it stands to what is around it.
struct SourceComment {
    let range: Range<Int>
    /// `//`, which reaches to the line's end.
    let isLine: Bool
    /// A block comment of several lines.
    let spansLines: Bool
    /// Whether a line ends between this and what stands before it, be that a comment or a value.
    let beginsLine: Bool
    /// Whether a line ends between this and what comes next.
    var endsLine = false
    let isAfterEmptyLine: Bool
    let isAfterComma: Bool
}

/// What stands between two tokens that are kept: whitespace, comments, and a comma or colon.
struct SourceGap {
    private(set) var comments: [SourceComment] = []
    /// Whether the next token comes after an empty line.
    private(set) var endsInEmptyLine = false
    /// Whether a line ends anywhere in it, a comment included.
    private(set) var spansLines = false

    init(_ range: Range<Int>, in bytes: [UInt8]) {
        var position = range.lowerBound
        var isAfterComma = false
        var (sawLineEnd, lineFeeds) = (false, 0)
        while position < range.upperBound {
            switch bytes[position] {
            case UInt8(ascii: "/"):
                let end = Self.commentEnd(from: position, in: bytes)
                let comment = position..<end
                comments.append(
                    SourceComment(
                        range: comment, isLine: bytes[position + 1] == UInt8(ascii: "/"),
                        spansLines: bytes[comment].contains { $0.isLineEnd }, beginsLine: sawLineEnd,
                        isAfterEmptyLine: lineFeeds > 1, isAfterComma: isAfterComma))
                if comments[comments.count - 1].spansLines { spansLines = true }
                (sawLineEnd, lineFeeds) = (false, 0)
                position = end
                continue
            case UInt8(ascii: ","):
                isAfterComma = true
                lineFeeds = 0
            case let byte where byte.isLineEnd:
                sawLineEnd = true
                spansLines = true
                if !comments.isEmpty { comments[comments.count - 1].endsLine = true }
                // A carriage return and a line feed are one line's end.
                let isPair = byte == UInt8(ascii: "\n") && position > 0 && bytes[position - 1] == UInt8(ascii: "\r")
                if !isPair { lineFeeds += 1 }
            default: break
            }
            position += 1
        }
        endsInEmptyLine = lineFeeds > 1
    }

    private static func commentEnd(from start: Int, in bytes: [UInt8]) -> Int {
        var end = start + 2
        if bytes[start + 1] == UInt8(ascii: "/") {
            while end < bytes.count, !bytes[end].isLineEnd { end += 1 }
            return end
        }
        // The document was parsed: the comment is closed.
        while bytes[end] != UInt8(ascii: "*") || bytes[end + 1] != UInt8(ascii: "/") { end += 1 }
        return end + 2
    }
}

extension SourceGap {
    /// Takes the comments that stand beside what is before the gap, on its line.
    ///
    /// Those after a comma belong to the next element where that one stands on the same line.
    mutating func takeBeside(hasNext: Bool) -> [SourceComment] {
        var count = comments.prefix { !$0.beginsLine }.count
        if count > 0, !comments[count - 1].endsLine, hasNext {
            count = comments.prefix(count).prefix { !$0.isAfterComma }.count
        }
        defer { comments.removeFirst(count) }
        return Array(comments.prefix(count))
    }

    /// Takes the comments beside an opening bracket; none where the first element stands on its line too.
    mutating func takeBesideOpening() -> [SourceComment] {
        let count = comments.prefix { !$0.beginsLine }.count
        guard count > 0, comments[count - 1].endsLine else { return [] }
        defer { comments.removeFirst(count) }
        return Array(comments.prefix(count))
    }

    /// How many comments stand above what comes next. The rest stands before it, on its line.
    var aboveCount: Int {
        (comments.lastIndex { $0.endsLine || $0.spansLines }).map { $0 + 1 } ?? 0
    }
}

extension UInt8 {
    var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
