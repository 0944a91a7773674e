/// A comment and its relation to the text around it.
struct SourceComment {
    let range: Range<Int>
    /// Whether it is a `//` comment.
    let isLine: Bool
    /// Whether it is a block comment over several lines.
    let spansLines: Bool
    /// Whether a line ends between the preceding token or comment and this one.
    let beginsLine: Bool
    /// Whether a line ends between this and what follows.
    var endsLine = false
    let isAfterEmptyLine: Bool
    let isAfterComma: Bool
}

/// The text between two kept tokens: whitespace, comments, and a comma or colon.
struct SourceGap {
    private(set) var comments: [SourceComment] = []
    /// Whether an empty line precedes the next token.
    private(set) var endsInEmptyLine = false
    /// Whether a line ends anywhere in the gap, comments included.
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
                // CR LF is one line ending.
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
        // The document has been parsed, so the comment is closed.
        while bytes[end] != UInt8(ascii: "*") || bytes[end + 1] != UInt8(ascii: "/") { end += 1 }
        return end + 2
    }
}

extension SourceGap {
    /// Removes and returns the comments on the same line as the token before the gap.
    ///
    /// Comments after a comma belong to the next element if that is on the same line.
    mutating func takeBeside(hasNext: Bool) -> [SourceComment] {
        var count = comments.prefix { !$0.beginsLine }.count
        if count > 0, !comments[count - 1].endsLine, hasNext {
            count = comments.prefix(count).prefix { !$0.isAfterComma }.count
        }
        defer { comments.removeFirst(count) }
        return Array(comments.prefix(count))
    }

    /// Removes and returns the comments on the line of an opening bracket; none if the first element is on that line
    /// too.
    mutating func takeBesideOpening() -> [SourceComment] {
        let count = comments.prefix { !$0.beginsLine }.count
        guard count > 0, comments[count - 1].endsLine else { return [] }
        defer { comments.removeFirst(count) }
        return Array(comments.prefix(count))
    }

    /// Number of comments above the next token. The rest precede it on its line.
    var aboveCount: Int {
        (comments.lastIndex { $0.endsLine || $0.spansLines }).map { $0 + 1 } ?? 0
    }
}

extension UInt8 {
    var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
