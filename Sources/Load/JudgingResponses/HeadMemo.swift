import Glibc

/// Recognises response heads by their bytes, so that a repeated head is not parsed again.
///
/// A server's heads differ only in the date. Two comparisons, around the date's 29 characters, replace parsing the
/// lines, and the parser's earlier result still applies. Few heads are kept; the oldest is evicted.
struct HeadMemo: ~Copyable {
    private struct Entry {
        var step: Int32 = -1
        var length: Int32 = 0
        /// Offset of the date, or the head's length if there is no date.
        var date: Int32 = 0
        var relevantCount: Int32 = 0
        /// The parser's state at the end of the head.
        var parser = ResponseParser()
    }

    private static var ways: Int { 4 }
    private static var longestHead: Int { 2048 }
    private static var longestRelevant: Int { 2048 }
    /// "Sun, 06 Nov 1994 08:49:37 GMT", RFC 9110 section 5.6.7.
    private static var dateLength: Int { 29 }

    private let entries: UnsafeMutablePointer<Entry>
    /// For each entry, its head and the header lines that its step's checks use.
    private let bytes: UnsafeMutableRawPointer
    private var latest = 0
    private var oldest = 0

    init() {
        entries = .allocate(capacity: Self.ways)
        entries.initialize(repeating: Entry(), count: Self.ways)
        bytes = .allocate(byteCount: Self.ways * (Self.longestHead + Self.longestRelevant), alignment: 64)
    }

    deinit {
        entries.deallocate()
        bytes.deallocate()
    }

    /// The index of the entry whose head the bytes begin with, or nil.
    @inline(__always)
    mutating func find(step: Int, in response: UnsafeRawBufferPointer) -> Int? {
        if matches(latest, step, response) { return latest }
        for index in 0..<Self.ways where index != latest && matches(index, step, response) {
            latest = index
            return index
        }
        return nil
    }

    /// The parser's state at the end of that entry's head.
    func parser(_ entry: Int) -> ResponseParser { entries[entry].parser }

    /// The header lines of that head that its step's checks use.
    func relevant(_ entry: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: relevantBytes(entry), count: Int(entries[entry].relevantCount))
    }

    /// Stores a head that has just been parsed.
    /// - Parameters:
    ///   - parser: its state at the end of the head, with no interim response before the head.
    ///   - interest: ``HeaderInterest/names`` of the step.
    /// - Returns: the entry's index, or nil if the head is too long or a check uses its date.
    mutating func remember(
        step: Int, parser: ResponseParser, in response: UnsafeRawBufferPointer, interest: UnsafeRawBufferPointer
    ) -> Int? {
        let length = parser.bodyStart
        guard parser.headStart == 0, length <= Self.longestHead else { return nil }
        let head = UnsafeRawBufferPointer(rebasing: response[..<length])
        var count = 0
        let target = UnsafeMutableRawBufferPointer(start: relevantBytes(oldest), count: Self.longestRelevant)
        let date = Self.date(in: head)
        guard HeaderInterest.collect(interest.bytes, from: head.bytes, into: target, count: &count),
            !Self.mentionsDate(interest)
        else {
            entries[oldest].step = -1
            return nil
        }
        headBytes(oldest).copyMemory(from: head.baseAddress!, byteCount: length)
        entries[oldest] = Entry(
            step: Int32(step), length: Int32(length), date: Int32(date ?? length), relevantCount: Int32(count),
            parser: parser)
        latest = oldest
        oldest = (oldest + 1) % Self.ways
        return latest
    }

    @inline(__always)
    private func matches(_ index: Int, _ step: Int, _ response: UnsafeRawBufferPointer) -> Bool {
        let length = Int(entries[index].length)
        guard Int(entries[index].step) == step, response.count >= length, let base = response.baseAddress else {
            return false
        }
        let head = headBytes(index)
        let date = Int(entries[index].date)
        guard memcmp(head, base, date) == 0 else { return false }
        guard date < length else { return true }
        let rest = date + Self.dateLength
        // The date may be anything that stays within its line.
        return memcmp(head + rest, base + rest, length - rest) == 0
            && memchr(base + date, Int32(UInt8.lineFeed), Self.dateLength) == nil
            && memchr(base + date, 0, Self.dateLength) == nil
    }

    private func headBytes(_ index: Int) -> UnsafeMutableRawPointer {
        bytes + index * (Self.longestHead + Self.longestRelevant)
    }

    private func relevantBytes(_ index: Int) -> UnsafeMutableRawPointer {
        headBytes(index) + Self.longestHead
    }

    /// Where the value of a well-formed Date field begins.
    private static func date(in head: UnsafeRawBufferPointer) -> Int? {
        let span = head.bytes
        var start = 0
        while let end = span.firstIndex(of: .lineFeed, in: start..<span.byteCount) {
            let value = start + 6
            if end - value >= dateLength, end - value <= dateLength + 1,
                span.equalsIgnoringCase(start..<(start + 5), "date:"), span[byte: start + 5] == .space
            {
                return value
            }
            start = end + 1
        }
        return nil
    }

    private static func mentionsDate(_ interest: UnsafeRawBufferPointer) -> Bool {
        interest.split(separator: UInt8.lineFeed).contains { $0.elementsEqual("date".utf8) }
    }
}
