/// A JSON text and a flat tape of its values in document order, instead of a tree of heap objects.
package struct JSONDocument: Sendable {
    /// The original text.
    package let bytes: [UInt8]
    /// The values in document order; the first is the root.
    package let tape: [JSONTapeEntry]

    /// Parses a UTF-8 text. Stops at the first error.
    package init(parsing bytes: [UInt8], options: JSONParsingOptions = .strict) throws(JSONSyntaxError) {
        var scanner = JSONScanner(bytes.span, options: options)
        // In most texts a value takes eight bytes or more, so the tape rarely has to grow.
        scanner.tape.reserveCapacity(bytes.count / 8 + 1)
        try scanner.scan()
        self.bytes = bytes
        tape = scanner.tape
    }

    package var root: JSONNode { JSONNode(document: self, index: 0) }
}
