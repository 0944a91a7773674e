/// A regular expression of the scenario language: Swift's, which is PCRE's syntax.
///
/// Swift's `Regex` cannot be shared between threads, so the pattern is what is kept.
package struct RegularExpression: Hashable, Sendable {
    package let pattern: String

    /// Nil where the pattern is no regular expression.
    package init?(_ pattern: String) {
        guard (try? Regex(pattern)) != nil else { return nil }
        self.pattern = pattern
    }

    /// Whether it is found anywhere in the text.
    package func isFound(in text: String) -> Bool {
        guard let regex = try? Regex(pattern) else { return false }
        return text.firstMatch(of: regex) != nil
    }
}
