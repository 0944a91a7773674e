/// A string compared by its Unicode scalars, as JSON compares names and strings (RFC 8259, section 8.3; RFC 9535,
/// section 2.3.5.2.2).
///
/// `String` treats "é" and "e\u{301}" as equal, but in JSON they differ. UTF-8 sorts in scalar order, so comparing
/// bytes is enough.
package struct ScalarString: Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}

extension ScalarString: Hashable, Comparable {
    package static func == (left: ScalarString, right: ScalarString) -> Bool {
        left.text.utf8.span.hasSameBytes(as: right.text.utf8.span)
    }

    package static func < (left: ScalarString, right: ScalarString) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // UTF-8 has no byte 0xFF, so it separates one string from the next.
        hasher.combine(0xFF as UInt8)
    }
}
