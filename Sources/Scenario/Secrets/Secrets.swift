/// Values that must not be shown, and their masking in output.
///
/// A run may have many secrets, and each virtual user adds a few. A ``branch()`` shares the secrets of the run.
package struct Secrets: Sendable {
    /// The secrets that this was branched from.
    private var base: Base?
    /// The secrets added since.
    private var own = SecretIndex()

    /// Immutable, so that any number of branches can share it.
    private final class Base: Sendable {
        let secrets: Secrets

        init(_ secrets: Secrets) { self.secrets = secrets }
    }

    package init() {}

    package static let mask = "***"

    /// Shorter secrets are masked only in values: in the program's own wording they would match by chance.
    static let leastInWording = 3

    /// A copy to add further secrets to, at a cost that does not depend on the number of existing ones.
    package func branch() -> Secrets {
        var branch = Secrets()
        branch.base = own.isEmpty ? base : Base(self)
        return branch
    }

    /// Adds a value. It is found in any supported encoding, including base64, alone or within a longer text.
    package mutating func insert(_ secret: String) {
        guard let pattern = SecretPattern(secret), !own.contains(pattern) else { return }
        let bytes = Array(secret.utf8)
        let base64 = Encoding.base64(bytes)
        let forms = [base64, String(base64.prefix { $0 != "=" }), Encoding.base64url(bytes)]
        let whole = forms.compactMap { SecretPattern($0) }
        for pattern in [pattern] + whole + Base64Parts.patterns(of: bytes) { own.insert(pattern) }
    }

    package mutating func formUnion(_ other: Secrets) {
        for index in other.indices {
            for pattern in index.patterns { own.insert(pattern) }
        }
    }

    /// Adds the secrets that a branch has gained since it was created.
    package mutating func formUnion(additionsOf branch: Secrets) {
        for pattern in branch.own.patterns { own.insert(pattern) }
    }

    /// Its own secrets, and all that it was branched from.
    private var indices: [SecretIndex] {
        var indices: [SecretIndex] = []
        var next: Secrets? = self
        while let secrets = next {
            if !secrets.own.isEmpty { indices.append(secrets.own) }
            next = secrets.base?.secrets
        }
        return indices
    }

    /// Adds every string and number within a value.
    package mutating func insert(_ value: JSON) {
        switch value {
        case .string(let text): insert(text)
        case .number(let number): insert(number.literal)
        case .array(let elements): for element in elements { insert(element) }
        case .object(let members): for member in members { insert(member.value) }
        case .null, .boolean: break
        }
    }

    /// Adds the parts of a value that its template derives from the named variables. The rest is not secret.
    mutating func insert(_ value: JSON, madeBy template: TemplateValue, from names: Set<String>) {
        switch (template, value) {
        case (.array(let templates), .array(let elements)) where templates.count == elements.count:
            for (template, element) in zip(templates, elements) { insert(element, madeBy: template, from: names) }
        case (.object(let members), .object(let object)):
            for member in members {
                if let value = object[member.key] { insert(value, madeBy: member.value, from: names) }
            }
        default: if template.uses(names) { insert(value) }
        }
    }

    /// Masks the secrets in a value or a text of values.
    package func redact(_ text: String) -> String { replace(in: text, isWording: false) }

    /// Masks the secrets in the program's own wording, which may contain values.
    package func redact(wording text: String) -> String { replace(in: text, isWording: true) }

    package func redact(_ bytes: [UInt8]) -> [UInt8] {
        replace(in: bytes, isWording: false) { _ in Array(Self.mask.utf8) }
    }

    /// Covers every secret in a file with the same number of asterisks, so that positions do not change.
    package func redact(_ file: SourceFile) -> SourceFile {
        let covered = replace(in: file.bytes, isWording: false) { [UInt8](repeating: UInt8(ascii: "*"), count: $0) }
        return covered == file.bytes ? file : SourceFile(path: file.path, bytes: covered)
    }

    /// Masks the secrets in a diagnostic. Values in its notes were already masked when they were formatted.
    package func redact(_ diagnostic: Diagnostic) -> Diagnostic {
        guard !indices.isEmpty else { return diagnostic }
        var copy = diagnostic
        copy.file = redact(diagnostic.file)
        copy.message = redact(wording: diagnostic.message)
        copy.label = diagnostic.label.map(redact(wording:))
        copy.help = diagnostic.help.map(redact(wording:))
        copy.notes = diagnostic.notes.map { Diagnostic.Note($0.name, redact(wording: $0.text)) }
        return copy
    }

    private func replace(in text: String, isWording: Bool) -> String {
        let bytes = Array(text.utf8)
        let found = places(in: bytes, isWording: isWording)
        guard !found.isEmpty else { return text }
        return String(decoding: Self.replace(found, in: bytes) { _ in Array(Self.mask.utf8) }, as: UTF8.self)
    }

    private func replace(
        in bytes: [UInt8], isWording: Bool, with replacement: (_ length: Int) -> [UInt8]
    ) -> [UInt8] {
        let found = places(in: bytes, isWording: isWording)
        return found.isEmpty ? bytes : Self.replace(found, in: bytes, with: replacement)
    }

    private static func replace(
        _ places: [Range<Int>], in bytes: [UInt8], with replacement: (_ length: Int) -> [UInt8]
    ) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        for place in places {
            result += bytes[start..<place.lowerBound] + replacement(place.count)
            start = place.upperBound
        }
        return result + bytes[start...]
    }

    /// The ranges of all secrets. Overlapping ranges are merged, so that no part of either remains.
    private func places(in bytes: [UInt8], isWording: Bool) -> [Range<Int>] {
        let indices = indices
        guard !indices.isEmpty else { return [] }
        let span = bytes.span
        var found: [Range<Int>] = []
        var previous: UInt8 = 0
        for place in span.indices {
            let byte = span[place]
            defer { previous = byte }
            // A run of backslashes is read as a whole, from its start.
            guard byte != UInt8(ascii: "\\") || previous != byte else { continue }
            var range = place..<place
            for index in indices { index.widen(&range, at: place, in: span, isWording: isWording) }
            guard range.upperBound > place else { continue }
            if let last = found.last, range.lowerBound < last.upperBound {
                found[found.count - 1] =
                    min(range.lowerBound, last.lowerBound)..<max(range.upperBound, last.upperBound)
            } else {
                found.append(range)
            }
        }
        return found
    }
}
