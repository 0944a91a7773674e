/// A JSON text and a flat tape of the values in it, in the order of the text: no tree of objects on the heap.
package struct JSONDocument: Sendable {
    /// The text, as it was given.
    package let bytes: [UInt8]
    let tape: [JSONTapeEntry]

    /// Parses a text in UTF-8, and stops at the first error.
    package init(parsing bytes: [UInt8], options: JSONParsingOptions = .strict) throws(JSONSyntaxError) {
        var scanner = JSONScanner(bytes.span, options: options)
        // Values take eight bytes or more each in most texts; few grow the tape beyond.
        scanner.tape.reserveCapacity(bytes.count / 8 + 1)
        try scanner.scan()
        self.init(bytes: bytes, tape: scanner.tape)
    }

    init(bytes: [UInt8], tape: [JSONTapeEntry]) {
        self.bytes = bytes
        self.tape = tape
    }

    package var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// Parses one text after the other into the same storage.
///
/// Once a document and all its nodes are gone, the next one takes over its memory; one that is still held keeps it.
package struct JSONParser: Sendable {
    package let options: JSONParsingOptions
    private var bytes: [UInt8] = []
    private var tape: [JSONTapeEntry] = []

    package init(options: JSONParsingOptions = .strict) { self.options = options }

    /// Parses a copy of the text.
    package mutating func parse(_ received: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> JSONDocument {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: received)
        let text = bytes
        var scanner = JSONScanner(text.span, options: options)
        swap(&scanner.tape, &tape)
        defer { swap(&scanner.tape, &tape) }
        try scanner.scan()
        return JSONDocument(bytes: text, tape: scanner.tape)
    }
}
