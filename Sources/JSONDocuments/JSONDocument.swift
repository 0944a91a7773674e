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
        self.init(bytes: bytes, tape: scanner.tape)
    }

    init(bytes: [UInt8], tape: [JSONTapeEntry]) {
        self.bytes = bytes
        self.tape = tape
    }

    package var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// Parses one text after another, reusing the same storage.
///
/// The memory of a document is reused after the document and all its nodes are gone. A document that is still held
/// keeps its memory.
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
