/// An exact JSON number. It keeps its literal and is compared by value.
///
/// 1, 1.0 and 1e0 are equal; 9007199254740993 and 9007199254740992 are not; 0.1 is exactly one tenth. Operations are
/// linear in the literal's length, whatever its exponent. Exponents are clamped to ±2^59 (RFC 8259, section 6, leaves
/// range and precision to the implementation).
package struct JSONNumber: Sendable {
    private enum Storage {
        /// An integer that fits has only one spelling, so its literal is not stored.
        case integer(Int)
        case literal(String)
    }

    private let storage: Storage

    package init(_ value: Int) { storage = .integer(value) }

    /// Creates the shortest literal that reads back as this value. Nil for infinity and NaN, which JSON does not have.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        storage = .literal(value.description)
    }

    /// Nil if the text is not a JSON number (RFC 8259, section 6).
    package init?(literal: String) {
        let bytes = Array(literal.utf8)
        guard let number = try? JSONNumberSyntax.scan(bytes.span, from: 0) else { return nil }
        guard number.end == bytes.count else { return nil }
        self.init(scanned: bytes.span, isInteger: number.isInteger)
    }

    /// Creates a number from a valid literal. `isInteger` means that it has neither fraction nor exponent.
    package init(scanned bytes: Span<UInt8>, isInteger: Bool) {
        if isInteger, let integer = JSONNumberSyntax.integer(bytes) {
            storage = .integer(integer)
        } else {
            storage = .literal(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// The original literal.
    package var literal: String {
        switch storage {
        case .integer(let value): String(value)
        case .literal(let literal): literal
        }
    }

    /// The value as an `Int`, however it is written (`100`, `1e2`, `100.0`); nil if it does not fit or is not an
    /// integer.
    package var int: Int? {
        switch storage {
        case .integer(let value): value
        case .literal: decimal.int
        }
    }

    /// Whether the value is an integer, however it is written and however large.
    package var isInteger: Bool {
        switch storage {
        case .integer: true
        case .literal: decimal.isInteger
        }
    }

    /// The nearest double; infinite outside its range.
    package var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        // `Double` accepts every JSON number, so the fallback is never taken.
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
        // Of two equal numbers, either both are integers or neither is.
        if let int { hasher.combine(int) } else { hasher.combine(decimal) }
    }
}
