/// A message about a place in a file: what is wrong, where, and what to do about it.
package struct Diagnostic: Error, Hashable, Sendable {
    /// A stable name to search for.
    package var code: Code
    /// One sentence in lower case, without a full stop: `unknown key "expct" in a step`.
    package var message: String
    package var file: SourceFile
    /// Byte offsets of the offending text in `file`.
    package var range: Range<Int>
    /// A few words after the carets.
    package var label: String?
    /// Facts shown below the source line as `name: text`.
    package var notes: [Note]
    /// How to fix it.
    package var help: String?

    /// A named fact, such as the expected or the actual value.
    package struct Note: Hashable, Sendable {
        package let name: String
        package let text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    package init(
        _ code: Code, _ message: String, in file: SourceFile, at range: Range<Int>, label: String? = nil,
        notes: [Note] = [], help: String? = nil
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.range = range
        self.label = label
        self.notes = notes
        self.help = help
    }

    package var position: SourceFile.Position { file.position(of: range.lowerBound) }
}

extension Diagnostic {
    /// The kind of problem. The raw value is printed and stays the same between versions.
    package enum Code: String, CaseIterable, Sendable {
        // The file cannot be read as a scenario.
        case syntax = "syntax"
        case unreadable = "unreadable-file"
        case unknownKey = "unknown-key"
        case missingKey = "missing-key"
        case conflictingKeys = "conflicting-keys"
        case wrongType = "wrong-type"
        case invalidValue = "invalid-value"
        case duplicateIdentifier = "duplicate-id"
        case template = "template"
        case jsonPath = "jsonpath"
        case regularExpression = "regular-expression"
        case undefinedVariable = "undefined-variable"
        case unsupported = "unsupported"

        // The run could not be carried out.
        case transport = "transport"
        case rendering = "rendering"
        case interrupted = "interrupted"

        // The run completed, but a result was not as expected.
        case assertion = "assertion"
        case capture = "capture"
        case audit = "audit"
    }
}

/// Everything wrong with a file, found in one pass.
package struct InvalidFile: Error, Sendable, CustomStringConvertible {
    package let diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    package var description: String {
        diagnostics.map(DiagnosticRenderer(style: .plain).render).joined(separator: "\n\n")
    }
}
