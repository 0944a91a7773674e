/// A set of Unicode general categories.
struct GeneralCategories: OptionSet, Sendable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ category: Unicode.GeneralCategory) { self.init(rawValue: 1 << UInt32(Self.position(of: category))) }

    static let all = GeneralCategories(rawValue: (1 << 30) - 1)

    /// Categories by their name in `\p{…}`: one letter for a group, two for a single category (RFC 9485, section 4).
    /// Surrogates (`Cs`) occur in no string and have no name here.
    init?(named name: String) {
        let categories: [GeneralCategories] = Self.names.enumerated()
            .filter { $0.element == name || name.utf8.count == 1 && $0.element.hasPrefix(name) }
            .map { GeneralCategories(rawValue: 1 << UInt32($0.offset)) }
        guard !categories.isEmpty else { return nil }
        self = GeneralCategories(categories)
    }

    /// The union of the named categories.
    static func named(_ names: String...) -> GeneralCategories {
        GeneralCategories(names.compactMap(GeneralCategories.init(named:)))
    }

    private static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn",
    ]

    /// The index of the category in `names`; surrogates come after all of them.
    private static func position(of category: Unicode.GeneralCategory) -> Int {
        switch category {
        case .uppercaseLetter: 0
        case .lowercaseLetter: 1
        case .titlecaseLetter: 2
        case .modifierLetter: 3
        case .otherLetter: 4
        case .nonspacingMark: 5
        case .spacingMark: 6
        case .enclosingMark: 7
        case .decimalNumber: 8
        case .letterNumber: 9
        case .otherNumber: 10
        case .connectorPunctuation: 11
        case .dashPunctuation: 12
        case .openPunctuation: 13
        case .closePunctuation: 14
        case .initialPunctuation: 15
        case .finalPunctuation: 16
        case .otherPunctuation: 17
        case .mathSymbol: 18
        case .currencySymbol: 19
        case .modifierSymbol: 20
        case .otherSymbol: 21
        case .spaceSeparator: 22
        case .lineSeparator: 23
        case .paragraphSeparator: 24
        case .control: 25
        case .format: 26
        case .privateUse: 27
        case .unassigned: 28
        case .surrogate: 29
        @unknown default: 28
        }
    }
}
