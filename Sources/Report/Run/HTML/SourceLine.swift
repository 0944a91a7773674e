import Scenario

/// A line of a scenario's file, with its failures marked.
struct SourceLine {
    let number: Int
    let anchor: String
    let isFailing: Bool
    let pieces: [Piece]

    struct Piece {
        let text: String
        let isMarked: Bool
    }

    /// Maximum number of lines shown.
    private static let limit = 3_000

    /// Number of lines, not counting the empty one after a final line break.
    static func count(in file: SourceFile) -> Int {
        max(1, file.bytes.last == UInt8(ascii: "\n") ? file.lineCount - 1 : file.lineCount)
    }

    static func all(of file: SourceFile, failing ranges: [Range<Int>], anchor: String) -> [SourceLine] {
        let ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
        return (1...min(count(in: file), limit)).map { number in
            SourceLine(number, of: file, failing: ranges, anchor: "\(anchor)-L\(number)")
        }
    }

    /// The line of a failure with the lines before and after it.
    static func excerpt(of file: SourceFile, around range: Range<Int>) -> [SourceLine] {
        guard !file.bytes.isEmpty else { return [] }
        let line = file.position(of: range.lowerBound).line
        return (max(1, line - 1)...min(file.lineCount, line + 1)).map { number in
            SourceLine(number, of: file, failing: [range], anchor: "").shortened
        }
    }

    private init(_ number: Int, of file: SourceFile, failing ranges: [Range<Int>], anchor: String) {
        let line = file.lineRange(number)
        var pieces: [Piece] = []
        var next = line.lowerBound
        var isFailing = false
        func text(_ range: Range<Int>) -> String { String(decoding: file.bytes[range], as: UTF8.self) }
        // A range that spans lines is marked in the first one only, where its diagnostic points.
        for range in ranges where line.contains(range.lowerBound) || range.lowerBound == line.upperBound {
            isFailing = true
            let marked = max(next, range.lowerBound)..<max(next, min(range.upperBound, line.upperBound))
            guard !marked.isEmpty else { continue }
            pieces += [
                Piece(text: text(next..<marked.lowerBound), isMarked: false), Piece(text: text(marked), isMarked: true),
            ]
            next = marked.upperBound
        }
        pieces.append(Piece(text: text(next..<line.upperBound), isMarked: false))
        self.init(number: number, anchor: anchor, isFailing: isFailing, pieces: pieces.filter { !$0.text.isEmpty })
    }

    private init(number: Int, anchor: String, isFailing: Bool, pieces: [Piece]) {
        self.number = number
        self.anchor = anchor
        self.isFailing = isFailing
        self.pieces = pieces
    }

    /// The line, cut around its marked part if it is very long.
    private var shortened: SourceLine {
        let marked = pieces.firstIndex(where: \.isMarked) ?? 0
        let pieces = pieces.enumerated().map { index, piece in
            let text =
                index < marked
                ? String(String(piece.text.reversed()).shortened(to: 160).reversed()) : piece.text.shortened(to: 240)
            return Piece(text: text, isMarked: piece.isMarked)
        }
        return SourceLine(number: number, anchor: anchor, isFailing: isFailing, pieces: pieces)
    }
}

extension String {
    /// The string, cut to `limit` characters and an ellipsis if it is longer.
    func shortened(to limit: Int) -> String {
        guard let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}
