/// A value on a document's tape. A container is followed by its contents; a member is its name, then its value.
package struct JSONTapeEntry: Sendable {
    package enum Kind: UInt8 {
        case null, `true`, `false`, integer, decimal, string, escapedString, array, object
    }

    /// Byte offsets in the text, including a string's quotes or a container's brackets.
    package internal(set) var start: UInt32
    package internal(set) var end: UInt32
    /// The index after the value and its contents. While a container is open, the index of the enclosing one.
    package internal(set) var next: UInt32
    /// Number of elements or members; 0 for a scalar.
    package internal(set) var count: UInt32 = 0
    package internal(set) var kind: Kind

    init(_ kind: Kind, start: Int, end: Int, next: Int) {
        self.kind = kind
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
    }

    /// Longer texts would not fit these offsets.
    static let maximumTextLength = Int(Int32.max)

    @inlinable package var range: Range<Int> { Int(start)..<Int(end) }

    /// Byte offsets of what is between a string's quotes.
    @inlinable package var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}
