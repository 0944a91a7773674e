/// The syntax tree of a pattern, common to all grammars.
indirect enum PatternSyntax: Sendable {
    case characters(ScalarClass)
    case assertion(PatternAssertion)
    case sequence([PatternSyntax])
    case alternatives([PatternSyntax])
    /// Between `minimum` and `maximum` repetitions; unbounded if `maximum` is nil. Lazy repetition takes as few as
    /// possible, otherwise as many.
    case repeated(PatternSyntax, minimum: Int, maximum: Int?, isLazy: Bool = false)
    /// The first capturing group.
    case taken(PatternSyntax)
    /// A lookahead or lookbehind.
    case look(PatternSyntax, isBehind: Bool, isNegated: Bool)

    static let nothing = PatternSyntax.sequence([])

    var isNothing: Bool {
        if case .sequence(let pieces) = self { pieces.isEmpty } else { false }
    }
}

/// A condition on a position in a text, which consumes nothing.
enum PatternAssertion: Sendable {
    case textStart
    case textEnd
    /// The end of the text, or before a line ending at its end.
    case lastLineEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}
