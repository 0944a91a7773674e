/// A set of Unicode scalars: ranges, general categories and other sets, or the complement of these.
struct ScalarClass: Sendable {
    /// The ASCII characters in the set, one bit each. They are nearly all that is ever looked up.
    struct ASCII: Sendable {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        func contains(_ value: UInt32) -> Bool {
            (value < 64 ? low >> UInt64(value) : high >> UInt64(value - 64)) & 1 == 1
        }

        mutating func insert(_ value: UInt32) {
            if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
        }

        mutating func formUnion(_ other: ASCII) {
            low |= other.low
            high |= other.high
        }
    }

    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: GeneralCategories = []
    private var members: [ScalarClass] = []
    private var isNegated = false
    private var ignoresCase = false
    private(set) var ascii = ASCII()

    init(
        ranges: [ClosedRange<UInt32>] = [], categories: GeneralCategories = [], members: [ScalarClass] = [],
        isNegated: Bool = false, ignoresCase: Bool = false
    ) {
        self.ranges = ranges
        self.categories = categories
        self.members = members
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
        for value in UInt8(0)..<128 where search(Unicode.Scalar(value)) { ascii.insert(UInt32(value)) }
    }

    /// Creates a class of one character. Most of a pattern consists of these, so the ASCII set is filled directly.
    init(_ scalar: Unicode.Scalar, ignoresCase: Bool = false) {
        ranges = [scalar.value...scalar.value]
        self.ignoresCase = ignoresCase
        let cases = ignoresCase ? [scalar] + scalar.otherCases : [scalar]
        for scalar in cases where scalar.value < 128 { ascii.insert(scalar.value) }
    }

    var negated: ScalarClass { ScalarClass(members: [self], isNegated: true) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 128 ? ascii.contains(scalar.value) : search(scalar)
    }

    private func search(_ scalar: Unicode.Scalar) -> Bool {
        (lists(scalar) || ignoresCase && scalar.otherCases.contains(where: lists)) != isNegated
    }

    private func lists(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) }
            || !categories.isEmpty && categories.contains(GeneralCategories(scalar.properties.generalCategory))
            || members.contains { $0.contains(scalar) }
    }
}

extension Unicode.Scalar {
    /// The lower-case and upper-case forms of the letter that are a single scalar.
    fileprivate var otherCases: [Unicode.Scalar] {
        [properties.lowercaseMapping, properties.uppercaseMapping].compactMap { mapping in
            let scalars = mapping.unicodeScalars
            return scalars.count == 1 ? scalars.first : nil
        }
    }
}
