/// Values that must not be shown, and how to take them out of what is.
///
/// The secrets of a run may be many, and each virtual user adds a few: a ``branch()`` shares the former.
package struct Secrets: Sendable {
    /// What this was branched from.
    private var base: Base?
    /// What has been added here.
    private var own = SecretIndex()

    /// Never changes, so that any number of branches can share it.
    private final class Base: Sendable {
        let secrets: Secrets

        init(_ secrets: Secrets) { self.secrets = secrets }
    }

    package init() {}

    package static let mask = "***"

    /// Shorter secrets are looked for in values only: in the program's own words they would be found by chance.
    static let leastInWording = 3

    /// These secrets, to add others to at a cost that does not depend on how many there are.
    package func branch() -> Secrets {
        var branch = Secrets()
        branch.base = own.isEmpty ? base : Base(self)
        return branch
    }

    /// Adds a value, which is found in whichever way it is written, and in base64, be it by itself or within a text.
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

    /// Adds what a branch has gained since it was branched off.
    package mutating func formUnion(additionsOf branch: Secrets) {
        for pattern in branch.own.patterns { own.insert(pattern) }
    }

    /// Its own secrets, and those that it was branched from.
    private var indices: [SecretIndex] {
        var indices: [SecretIndex] = []
        var next: Secrets? = self
        while let secrets = next {
            if !secrets.own.isEmpty { indices.append(secrets.own) }
            next = secrets.base?.secrets
        }
        return indices
    }

    /// Adds every text and number within a value.
    package mutating func insert(_ value: JSON) {
        switch value {
        case .string(let text): insert(text)
        case .number(let number): insert(number.literal)
        case .array(let elements): for element in elements { insert(element) }
        case .object(let members): for member in members { insert(member.value) }
        case .null, .boolean: break
        }
    }

    /// Adds what of a value its template makes of variables of these names; what else stands in it is no secret.
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

    /// A value, or a text of values, without any secret.
    package func redact(_ text: String) -> String { replace(in: text, isWording: false) }

    /// A text of the program's own words, in which values may stand.
    package func redact(wording text: String) -> String { replace(in: text, isWording: true) }

    package func redact(_ bytes: [UInt8]) -> [UInt8] {
        replace(in: bytes, isWording: false) { _ in Array(Self.mask.utf8) }
    }

    /// The file with every secret covered by as many asterisks, so that all places in it stay where they are.
    package func redact(_ file: SourceFile) -> SourceFile {
        let covered = replace(in: file.bytes, isWording: false) { [UInt8](repeating: UInt8(ascii: "*"), count: $0) }
        return covered == file.bytes ? file : SourceFile(path: file.path, bytes: covered)
    }

    /// Values in its facts have been masked when they were put into words.
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

    /// Where secrets stand. Those that overlap are one, so that nothing of either is left over.
    private func places(in bytes: [UInt8], isWording: Bool) -> [Range<Int>] {
        let indices = indices
        guard !indices.isEmpty else { return [] }
        let span = bytes.span
        var found: [Range<Int>] = []
        var previous: UInt8 = 0
        for place in span.indices {
            let byte = span[place]
            defer { previous = byte }
            // A row of backslashes is read as a whole, from its start.
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
