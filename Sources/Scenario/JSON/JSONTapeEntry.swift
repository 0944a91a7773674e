/// A value on a document's tape. A container is followed by its contents; a member is its name, then its value.
struct JSONTapeEntry: Sendable {
    enum Kind: UInt8 {
        case null, `true`, `false`, integer, decimal, string, escapedString, array, object
    }

    /// Byte offsets in the text, including a string's quotes or a container's brackets.
    var start: UInt32
    var end: UInt32
    /// The index after the value and its contents. While a container is open, the index of the enclosing one.
    var next: UInt32
    /// Number of elements or members; 0 for a scalar.
    var count: UInt32 = 0
    var kind: Kind

    init(_ kind: Kind, start: Int, end: Int, next: Int) {
        self.kind = kind
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
    }

    /// Longer texts would not fit these offsets.
    static let maximumTextLength = Int(Int32.max)

    var range: Range<Int> { Int(start)..<Int(end) }
}
