/// A source text with its line starts, so that any byte offset can be shown as line and column.
package struct SourceFile: Hashable, Sendable {
    /// The path as the user gave it, for diagnostics.
    package let path: String
    package let bytes: [UInt8]
    /// The offset of the start of each line; the first is always 0.
    private let lineStarts: [Int]
    /// Number of Unicode scalars that start before each `stride`th byte, to find columns in long lines quickly.
    private let scalarCounts: [Int]

    private static var stride: Int { 1024 }

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        var starts = [0]
        var counts: [Int] = []
        var count = 0
        for (offset, byte) in bytes.enumerated() {
            if offset % Self.stride == 0 { counts.append(count) }
            if Self.beginsScalar(byte) { count += 1 }
            if byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        }
        if bytes.count % Self.stride == 0 { counts.append(count) }
        lineStarts = starts
        scalarCounts = counts
    }

    /// Line and column, counted from 1. The column counts Unicode scalars, as editors do.
    package struct Position: Hashable, Sendable {
        package let line: Int
        package let column: Int
    }

    package var lineCount: Int { lineStarts.count }

    package func position(of offset: Int) -> Position {
        let line = lineIndex(of: offset)
        let end = min(max(offset, lineStarts[line]), bytes.count)
        return Position(line: line + 1, column: scalars(before: end) - scalars(before: lineStarts[line]) + 1)
    }

    /// Number of scalars that start before a byte offset.
    func scalars(before offset: Int) -> Int {
        let mark = offset / Self.stride
        return scalarCounts[mark] + bytes[mark * Self.stride..<offset].count(where: Self.beginsScalar)
    }

    /// The text of a range of scalars, counted from 0.
    func text(scalars: Range<Int>) -> String {
        Self.text(bytes[offset(ofScalar: scalars.lowerBound)..<offset(ofScalar: scalars.upperBound)])
    }

    private func offset(ofScalar number: Int) -> Int {
        let mark = max(0, scalarCounts.partitioningIndex { $0 > number } - 1)
        var (offset, count) = (mark * Self.stride, scalarCounts[mark])
        while offset < bytes.count, !Self.beginsScalar(bytes[offset]) || count < number {
            if Self.beginsScalar(bytes[offset]) { count += 1 }
            offset += 1
        }
        return offset
    }

    private static func beginsScalar(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

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
        max(0, lineStarts.partitioningIndex { $0 > offset } - 1)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    package static func == (one: SourceFile, other: SourceFile) -> Bool {
        one.path == other.path && one.bytes == other.bytes
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

extension [Int] {
    /// The index of the first element that is beyond. The array is partitioned: all later elements are beyond too.
    fileprivate func partitioningIndex(where isBeyond: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
