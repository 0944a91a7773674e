/// A value on a document's tape. A container is followed by what it holds; a member is its key, then its value.
struct JSONTapeEntry: Sendable {
    enum Kind: UInt8 {
        case null, `true`, `false`, integer, decimal, string, escapedString, array, object
    }

    /// Byte offsets in the text; a string's include its quotes, a container's its brackets.
    var start: UInt32
    var end: UInt32
    /// The index of what follows the value and all it holds. While a container is open: that of the one around it.
    var next: UInt32
    /// Elements or members; 0 for what is no container.
    var count: UInt32 = 0
    var kind: Kind

    init(_ kind: Kind, start: Int, end: Int, next: Int) {
        self.kind = kind
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
    }

    /// A longer text could not be told by these offsets.
    static let maximumTextLength = Int(Int32.max)

    var range: Range<Int> { Int(start)..<Int(end) }
}
