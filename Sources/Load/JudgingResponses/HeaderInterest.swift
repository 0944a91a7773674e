/// The header fields that a step's checks mention, and so the only ones that affect its verdicts.
package struct HeaderInterest: Equatable, Sendable {
    /// The names in lower case, each followed by a line feed.
    let names: [UInt8]

    /// - Parameter names: field names, in any case.
    package init(_ names: some Sequence<String>) {
        self.names = Set(names.map { $0.lowercased() }).sorted().flatMap { Array($0.utf8) + [.lineFeed] }
    }

    package var isEmpty: Bool { names.isEmpty }

    /// Whether a line of a response's head is one of these fields.
    func names(_ head: RawSpan, _ line: Range<Int>) -> Bool {
        Self.isNamed(head, line, in: names.span.bytes)
    }

    /// Copies the lines of these fields, including continuation lines, out of a response's head.
    /// - Parameters:
    ///   - names: in the format of ``names``, in memory that the calling thread owns.
    ///   - count: set to the number of bytes copied.
    /// - Returns: false if they do not all fit in `target`; the response must then not be remembered.
    static func collect(
        _ names: RawSpan, from head: RawSpan, into target: UnsafeMutableRawBufferPointer, count: inout Int
    ) -> Bool {
        count = 0
        guard let first = head.firstIndex(of: .lineFeed, in: 0..<head.byteCount) else { return true }
        var start = first + 1
        var isWanted = false
        while let end = head.firstIndex(of: .lineFeed, in: start..<head.byteCount) {
            if !head[byte: start].isBlank { isWanted = isNamed(head, start..<end, in: names) }
            if isWanted {
                let length = end + 1 - start
                guard count + length <= target.count else { return false }
                head.withUnsafeBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: target[count..<(count + length)])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start...end]))
                }
                count += length
            }
            start = end + 1
        }
        return true
    }

    private static func isNamed(_ head: RawSpan, _ line: Range<Int>, in names: RawSpan) -> Bool {
        var name = 0
        while let end = names.firstIndex(of: .lineFeed, in: name..<names.byteCount) {
            let length = end - name
            if line.count > length, head[byte: line.lowerBound + length] == .colon {
                var index = 0
                while index < length, head[byte: line.lowerBound + index].asciiLowercased == names[byte: name + index] {
                    index += 1
                }
                if index == length { return true }
            }
            name = end + 1
        }
        return false
    }
}
