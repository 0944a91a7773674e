/// What a pattern says.
indirect enum IRegexpSyntax {
    case characters(ScalarClass)
    case start
    case end
    case sequence([IRegexpSyntax])
    case alternatives([IRegexpSyntax])
    /// At least `minimum` times and at most `maximum`, or any number of times.
    case repeated(IRegexpSyntax, minimum: Int, maximum: Int?)

    var isNothing: Bool {
        if case .sequence(let pieces) = self { pieces.isEmpty } else { false }
    }
}

/// A set of Unicode scalars: ranges and general categories, or all but these.
struct ScalarClass: Sendable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: GeneralCategories = []
    private var isNegated = false
    /// The ASCII characters in the set, a bit each: nearly all that is ever asked.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init(ranges: [ClosedRange<UInt32>] = [], categories: GeneralCategories = [], isNegated: Bool = false) {
        self.ranges = ranges
        self.categories = categories
        self.isNegated = isNegated
        for value in UInt8(0)..<128 where search(Unicode.Scalar(value)) {
            if value < 64 { ascii.low |= 1 << UInt64(value) } else { ascii.high |= 1 << UInt64(value - 64) }
        }
    }

    init(_ scalar: Unicode.Scalar) { self.init(ranges: [scalar.value...scalar.value]) }

    /// `.`: RFC 9485, section 5.
    static let anythingInALine = ScalarClass(ranges: [0x0A...0x0A, 0x0D...0x0D], isNegated: true)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = UInt64(scalar.value)
        if value < 64 { return ascii.low >> value & 1 == 1 }
        if value < 128 { return ascii.high >> (value - 64) & 1 == 1 }
        return search(scalar)
    }

    private func search(_ scalar: Unicode.Scalar) -> Bool {
        let isListed =
            ranges.contains { $0.contains(scalar.value) }
            || !categories.isEmpty && categories.contains(GeneralCategories(scalar.properties.generalCategory))
        return isListed != isNegated
    }
}
