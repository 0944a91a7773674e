import Scenario

/// A line of a scenario's file, with what failed in it marked.
struct SourceLine {
    let number: Int
    let anchor: String
    let isFailing: Bool
    let pieces: [Piece]

    struct Piece {
        let text: String
        let isMarked: Bool
    }

    /// More is no longer read, only scrolled past.
    private static let limit = 3_000

    /// Without the empty line that a last line break would make.
    static func count(in file: SourceFile) -> Int {
        max(1, file.bytes.last == UInt8(ascii: "\n") ? file.lineCount - 1 : file.lineCount)
    }

    static func all(of file: SourceFile, failing ranges: [Range<Int>], anchor: String) -> [SourceLine] {
        let ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
        return (1...min(count(in: file), limit)).map { number in
            SourceLine(number, of: file, failing: ranges, anchor: "\(anchor)-L\(number)")
        }
    }

    /// The line of a failure between its neighbours.
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
        // A range that spans lines is marked in its first only, as its diagnostic points there.
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

    /// A very long line, cut around what is marked.
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
    /// At most so many characters, and an ellipsis where there were more.
    func shortened(to limit: Int) -> String {
        guard let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}
