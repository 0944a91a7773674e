/// A position between two scalars of a text.
struct PatternPlace {
    private let scalars: String.UnicodeScalarView
    private var index: String.Index
    /// Number of scalars before the position.
    private(set) var offset: Int
    private(set) var before: Unicode.Scalar?
    private(set) var after: Unicode.Scalar?

    init(startOf scalars: String.UnicodeScalarView) {
        self.scalars = scalars
        index = scalars.startIndex
        offset = 0
        after = scalars.first
    }

    init(endOf scalars: String.UnicodeScalarView, count: Int) {
        self.scalars = scalars
        index = scalars.endIndex
        offset = count
        before = scalars.last
    }

    /// Moves past the next scalar, if there is one.
    mutating func advance() {
        guard let passed = after else { return }
        scalars.formIndex(after: &index)
        offset += 1
        before = passed
        after = index < scalars.endIndex ? scalars[index] : nil
    }

    mutating func retreat() {
        guard let passed = before else { return }
        scalars.formIndex(before: &index)
        offset -= 1
        after = passed
        before = index > scalars.startIndex ? scalars[scalars.index(before: index)] : nil
    }

    func holds(_ assertion: PatternAssertion) -> Bool {
        switch assertion {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lastLineEnd: after == nil || isLineBreak(after) && scalars[index...].dropFirst(isCRLF ? 2 : 1).isEmpty
        case .lineStart: before == nil || isLineBreak(before) && !(before == "\r" && after == "\n")
        case .lineEnd: after == nil || isLineBreak(after) && !(before == "\r" && after == "\n")
        case .wordBoundary: isWord(before) != isWord(after)
        case .noWordBoundary: isWord(before) == isWord(after)
        }
    }

    private var isCRLF: Bool { after == "\r" && scalars[index...].dropFirst().first == "\n" }

    private func isLineBreak(_ scalar: Unicode.Scalar?) -> Bool { scalar.map(ScalarClass.lineBreak.contains) ?? false }

    private func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map(ScalarClass.word.contains) ?? false }
}
