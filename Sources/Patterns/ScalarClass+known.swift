// The classes of UTS #18, annex C.
extension ScalarClass {
    /// Letters, marks, digits and connecting punctuation.
    static let word = ScalarClass(ranges: [0x200C...0x200D], categories: .named("L", "M", "Nd", "Nl", "Pc"))
    static let digit = ScalarClass(categories: .named("Nd"))
    static let lineBreak = ScalarClass(ranges: [0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])
    static let blank = ScalarClass(ranges: [0x09...0x09], categories: .named("Zs"))
    static let space = ScalarClass(ranges: [0x09...0x0D, 0x85...0x85], categories: .named("Z"))
    static let anything = ScalarClass(isNegated: true)
}
