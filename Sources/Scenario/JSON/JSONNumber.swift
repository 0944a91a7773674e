/// A JSON number, exact: it keeps the literal it was written as, and compares by what it is worth.
///
/// 1, 1.0 and 1e0 are equal; 9007199254740993 and 9007199254740992 are not; 0.1 is one tenth. The work is linear in
/// the literal's length whatever its exponent. Exponents past ±2^59 are held for ±2^59 (RFC 8259, section 6, leaves
/// range and precision to the implementation).
package struct JSONNumber: Sendable {
    private enum Storage {
        /// An integer has one spelling only, so its literal needs no room.
        case integer(Int)
        case literal(String)
    }

    private let storage: Storage

    package init(_ value: Int) { storage = .integer(value) }

    /// The shortest literal that reads back as this value; nil for infinity and NaN, which JSON has no numbers for.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        storage = .literal(value.description)
    }

    /// A time in milliseconds.
    package init(milliseconds duration: Duration) {
        storage = .literal((Double(duration.nanoseconds) / 1e6).description)
    }

    /// Nil where the text is no number by RFC 8259, section 6.
    package init?(literal: String) {
        let bytes = Array(literal.utf8)
        guard let number = try? JSONNumberSyntax.scan(bytes.span, from: 0) else { return nil }
        guard number.end == bytes.count else { return nil }
        self.init(scanned: bytes.span, isInteger: number.isInteger)
    }

    /// From a literal that is known to be a number; `isInteger` where it has neither fraction nor exponent.
    init(scanned bytes: Span<UInt8>, isInteger: Bool) {
        if isInteger, let integer = JSONNumberSyntax.integer(bytes) {
            storage = .integer(integer)
        } else {
            storage = .literal(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// The number as it was written.
    package var literal: String {
        switch storage {
        case .integer(let value): String(value)
        case .literal(let literal): literal
        }
    }

    /// The number where it is an integer, however written (`100`, `1e2`, `100.0`), and fits.
    package var int: Int? {
        switch storage {
        case .integer(let value): value
        case .literal: decimal.int
        }
    }

    /// Whether it is an integer, however written and however large.
    var isInteger: Bool {
        switch storage {
        case .integer: true
        case .literal: decimal.isInteger
        }
    }

    /// The nearest double, infinite past its range.
    package var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        // Every JSON number is a number to Double too, so the fallback is never taken.
        case .literal(let literal): Double(literal) ?? .nan
        }
    }

    var decimal: ExactDecimal { ExactDecimal(literal: literal) }
}

extension JSONNumber: Hashable, Comparable {
    package static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        if case (.integer(let left), .integer(let right)) = (left.storage, right.storage) { return left == right }
        return left.decimal == right.decimal
    }

    package static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case (.integer(let left), .integer(let right)) = (left.storage, right.storage) { return left < right }
        return left.decimal < right.decimal
    }

    package func hash(into hasher: inout Hasher) {
        // Equal numbers are both integers or neither is.
        if let int { hasher.combine(int) } else { hasher.combine(decimal) }
    }
}
