/// What a pattern says, in whatever grammar it was written.
indirect enum PatternSyntax: Sendable {
    case characters(ScalarClass)
    case assertion(PatternAssertion)
    case sequence([PatternSyntax])
    case alternatives([PatternSyntax])
    /// At least `minimum` times and at most `maximum`, or any number of times: as often as can be, or as seldom.
    case repeated(PatternSyntax, minimum: Int, maximum: Int?, isLazy: Bool = false)
    /// What the first group takes.
    case taken(PatternSyntax)
    /// Whether the text goes on so, or did so before.
    case look(PatternSyntax, isBehind: Bool, isNegated: Bool)

    static let nothing = PatternSyntax.sequence([])

    var isNothing: Bool {
        if case .sequence(let pieces) = self { pieces.isEmpty } else { false }
    }
}

/// What holds of a place in a text, without taking any of it.
enum PatternAssertion: Sendable {
    case textStart
    case textEnd
    /// The end, or where only a line's end is left.
    case lastLineEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}
