/// The exact value of a number's literal: ±0.d₁d₂d₃… × 10^exponent.
///
/// The digits have no leading or trailing zeros, so equal numbers have equal parts. Zero has no digits, no sign and
/// exponent 0.
struct ExactDecimal: Hashable {
    private(set) var isNegative = false
    private(set) var digits: [UInt8] = []
    private(set) var exponent = 0

    /// Limit for the exponent, low enough that adding the literal's length cannot overflow.
    private static let exponentLimit = 1 << 59

    /// Creates the value of a literal that is known to be a JSON number.
    init(literal: String) {
        var inFraction = false
        var bytes = literal.utf8.makeIterator()
        scan: while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                exponent += Self.exponent(&bytes)
                break scan
            default:
                let isLeadingZero = digits.isEmpty && byte == UInt8(ascii: "0")
                if !isLeadingZero { digits.append(byte) }
                if inFraction { exponent -= isLeadingZero ? 1 : 0 } else { exponent += isLeadingZero ? 0 : 1 }
            }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    private static func exponent(_ bytes: inout String.UTF8View.Iterator) -> Int {
        var isNegative = false
        var value = 0
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            default: value = min(value * 10 + Int(byte - UInt8(ascii: "0")), exponentLimit)
            }
        }
        return isNegative ? -value : value
    }

    /// Whether there are no digits after the decimal point.
    var isInteger: Bool { exponent >= digits.count }

    /// The value as an `Int`, or nil if it does not fit or is not an integer.
    var int: Int? {
        guard isInteger, exponent <= 19 else { return nil }
        var value = 0
        for position in 0..<exponent {
            let digit = position < digits.count ? Int(digits[position] - UInt8(ascii: "0")) : 0
            // Accumulates with the sign, because `Int.min` has no positive counterpart.
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = shifted.addingReportingOverflow(isNegative ? -digit : digit)
            guard !overflow, !carry else { return nil }
            value = next
        }
        return value
    }
}

extension ExactDecimal: Comparable {
    static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let (leftSign, rightSign) = (left.sign, right.sign)
        guard leftSign == rightSign else { return leftSign < rightSign }
        return leftSign < 0 ? right.isSmallerInMagnitude(than: left) : left.isSmallerInMagnitude(than: right)
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    private func isSmallerInMagnitude(than other: ExactDecimal) -> Bool {
        exponent == other.exponent ? digits.lexicographicallyPrecedes(other.digits) : exponent < other.exponent
    }
}
