/// The text that a person wrote, with its lines, so that any byte can be named by line and column.
package struct SourceFile: Hashable, Sendable {
    /// The path as the person gave it; what diagnostics print.
    package let path: String
    package let bytes: [UInt8]
    /// The offset at which each line begins; the first is always 0.
    private let lineStarts: [Int]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// Line and column count from 1; the column counts Unicode scalars, as editors do.
    package struct Position: Hashable, Sendable {
        package let line: Int
        package let column: Int
    }

    package var lineCount: Int { lineStarts.count }

    package func position(of offset: Int) -> Position {
        let line = lineIndex(of: offset)
        let prefix = bytes[lineStarts[line]..<min(max(offset, lineStarts[line]), bytes.count)]
        return Position(line: line + 1, column: Self.text(prefix).unicodeScalars.count + 1)
    }

    /// The text of a line, counted from 1, without its line ending.
    package func line(_ number: Int) -> String {
        Self.text(bytes[lineRange(number)])
    }

    /// The byte offsets of a line, counted from 1, without its line ending.
    package func lineRange(_ number: Int) -> Range<Int> {
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    package static func == (one: SourceFile, other: SourceFile) -> Bool {
        one.path == other.path && one.bytes == other.bytes
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
