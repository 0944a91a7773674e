/// A regular expression of the scenario language: Swift's, which is PCRE's syntax.
///
/// It matches code points, as all that compares text here does: a line feed is found in "\r\n".
///
/// Swift's `Regex` cannot be shared between threads, so the pattern is what is kept.
package struct RegularExpression: Hashable, Sendable {
    package let pattern: String

    /// Nil where the pattern is no regular expression.
    package init?(_ pattern: String) {
        guard (try? Regex(pattern)) != nil else { return nil }
        self.pattern = pattern
    }

    private var regex: Regex<AnyRegexOutput>? {
        try? Regex(pattern).matchingSemantics(.unicodeScalar)
    }

    /// What its first group took where it is found first, or all of it where it has no group.
    package func capture(in text: String) -> String? {
        guard let regex, let match = text.firstMatch(of: regex) else { return nil }
        let group = match.output.count > 1 ? match.output[1].substring : match.output[0].substring
        return group.map(String.init)
    }

    /// Whether it is found anywhere in the text.
    package func isFound(in text: String) -> Bool {
        guard let regex else { return false }
        return text.firstMatch(of: regex) != nil
    }
}
