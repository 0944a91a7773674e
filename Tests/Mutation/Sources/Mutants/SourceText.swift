/// Source as bytes, with its lines.
struct SourceText {
    let bytes: [UInt8]
    /// Offset of the first byte of each line.
    private let lineStarts: [Int]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        self.bytes = bytes
        lineStarts = [0] + bytes.enumerated().filter { $1 == UInt8(ascii: "\n") }.map { $0.offset + 1 }
    }

    subscript(range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The line of an offset, from 1.
    func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while low < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whole lines around a range, without the last line's end.
    func lines(around range: Range<Int>) -> Range<Int> {
        let start = lineStarts[line(of: range.lowerBound) - 1]
        let last = line(of: range.upperBound)
        return start..<(last < lineStarts.count ? lineStarts[last] - 1 : bytes.count)
    }

    /// Offset of a line and a column, both from 1.
    func offset(line: Int, column: Int) -> Int? {
        guard lineStarts.indices.contains(line - 1) else { return nil }
        return min(lineStarts[line - 1] + column - 1, bytes.count)
    }

    func applying(_ edits: [Edit], within range: Range<Int>) -> String {
        var text = ""
        var position = range.lowerBound
        for edit in edits {
            text += self[position..<edit.range.lowerBound] + edit.replacement
            position = edit.range.upperBound
        }
        return text + self[position..<range.upperBound]
    }
}
