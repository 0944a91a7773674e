/// A string that is compared by its Unicode scalars, as JSON compares names and strings
/// (RFC 8259, section 8.3; RFC 9535, section 2.3.5.2.2).
///
/// `String` holds "é" and "e\u{301}" for equal; two JSON texts with these are different.
/// UTF-8 sorts as its scalars do, so its bytes are all that need to be looked at.
struct ScalarString: Sendable {
    let text: String

    init(_ text: String) { self.text = text }
}

extension ScalarString: Hashable, Comparable {
    static func == (left: ScalarString, right: ScalarString) -> Bool {
        left.text.utf8.span.hasSameBytes(as: right.text.utf8.span)
    }

    static func < (left: ScalarString, right: ScalarString) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // No byte of UTF-8 is 0xFF: it tells where one string ends and the next begins.
        hasher.combine(0xFF as UInt8)
    }
}
