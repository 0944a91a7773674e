/// One small change to one source file.
package struct Mutant: Codable, Hashable, Sendable {
    package let mutationOperator: MutationOperator
    /// Path from the root of the repository.
    package let file: String
    /// Line of the first changed character, from 1.
    package let line: Int
    /// Not overlapping, in the order of the source.
    package let edits: [Edit]
    /// UTF-8 offsets of the enclosing function, initialiser or property.
    package let scope: Range<Int>
    /// The lines that differ, without the mutant and with it.
    package let before: [String]
    package let after: [String]
    /// Counts equal changes of equal lines in a file, from 0.
    package var occurrence = 0

    /// Names the mutant by its text, so that it stays the same when other parts of the file change.
    package var identity: String {
        let parts = [file, mutationOperator.rawValue, "\(occurrence)"] + before + ["→"] + after
        return String(StableHash.hash(parts.joined(separator: "\n")), radix: 16)
    }

    /// The folder below `Sources`, such as `Load/Result`.
    package var folder: String {
        file.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
    }
}

/// A replacement for a range of source.
package struct Edit: Codable, Hashable, Sendable {
    package enum Form: String, Codable, Sendable {
        case expression
        case statement
    }

    /// UTF-8 offsets.
    package let range: Range<Int>
    package let replacement: String
    package let form: Form

    package init(_ range: Range<Int>, _ replacement: String, form: Form = .expression) {
        self.range = range
        self.replacement = replacement
        self.form = form
    }
}
