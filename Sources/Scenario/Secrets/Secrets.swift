/// Values that must not be shown, and how to take them out of what is.
package struct Secrets: Sendable {
    private var patterns: [SecretPattern] = []
    private var known: Set<SecretPattern> = []
    /// By byte, whether any of them may begin with it: most bytes of a body are passed over.
    private var begins = [Bool](repeating: false, count: 256)

    package init() {}

    package static let mask = "***"

    /// Shorter secrets are looked for in values only: in the program's own words they would be found by chance.
    static let leastInWording = 3

    /// Adds a value, which is found in whichever way it is written, and in base64, be it by itself or within a text.
    package mutating func insert(_ secret: String) {
        guard let pattern = SecretPattern(secret), !known.contains(pattern) else { return }
        let bytes = Array(secret.utf8)
        let base64 = Encoding.base64(bytes)
        let forms = [base64, String(base64.prefix { $0 != "=" }), Encoding.base64url(bytes)]
        let whole = forms.compactMap { SecretPattern($0) }
        for pattern in [pattern] + whole + Base64Parts.patterns(of: bytes) { append(pattern) }
    }

    package mutating func formUnion(_ other: Secrets) {
        for pattern in other.patterns { append(pattern) }
    }

    private mutating func append(_ pattern: SecretPattern) {
        guard known.insert(pattern).inserted else { return }
        patterns.append(pattern)
        for byte in 0...UInt8.max where pattern.mayBegin(with: byte) { begins[Int(byte)] = true }
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
    package func redact(_ text: String) -> String { replace(in: text, patterns) }

    /// A text of the program's own words, in which values may stand.
    package func redact(wording text: String) -> String { replace(in: text, patterns.filter { !$0.isShort }) }

    package func redact(_ bytes: [UInt8]) -> [UInt8] {
        replace(in: bytes, patterns) { _ in Array(Self.mask.utf8) }
    }

    /// The file with every secret covered by as many asterisks, so that all places in it stay where they are.
    package func redact(_ file: SourceFile) -> SourceFile {
        let covered = replace(in: file.bytes, patterns) { [UInt8](repeating: UInt8(ascii: "*"), count: $0) }
        return covered == file.bytes ? file : SourceFile(path: file.path, bytes: covered)
    }

    /// Values in its facts have been masked when they were put into words.
    package func redact(_ diagnostic: Diagnostic) -> Diagnostic {
        guard !patterns.isEmpty else { return diagnostic }
        var copy = diagnostic
        copy.file = redact(diagnostic.file)
        copy.message = redact(wording: diagnostic.message)
        copy.label = diagnostic.label.map(redact(wording:))
        copy.help = diagnostic.help.map(redact(wording:))
        copy.notes = diagnostic.notes.map { Diagnostic.Note($0.name, redact(wording: $0.text)) }
        return copy
    }

    private func replace(in text: String, _ patterns: [SecretPattern]) -> String {
        guard !patterns.isEmpty else { return text }
        let bytes = replace(in: Array(text.utf8), patterns) { _ in Array(Self.mask.utf8) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func replace(
        in bytes: [UInt8], _ patterns: [SecretPattern], with replacement: (_ length: Int) -> [UInt8]
    ) -> [UInt8] {
        let found = places(in: bytes, of: patterns)
        guard !found.isEmpty else { return bytes }
        var result: [UInt8] = []
        var start = 0
        for place in found {
            result += bytes[start..<place.lowerBound] + replacement(place.count)
            start = place.upperBound
        }
        return result + bytes[start...]
    }

    /// Where secrets stand. Those that overlap are one, so that nothing of either is left over.
    private func places(in bytes: [UInt8], of patterns: [SecretPattern]) -> [Range<Int>] {
        guard !patterns.isEmpty else { return [] }
        let span = bytes.span
        var found: [Range<Int>] = []
        var previous: UInt8 = 0
        for place in span.indices {
            let byte = span[place]
            defer { previous = byte }
            // A row of backslashes is read as a whole, from its start.
            guard begins[Int(byte)], byte != UInt8(ascii: "\\") || previous != byte else { continue }
            var (start, end) = (place, place)
            for pattern in patterns where pattern.mayBegin(with: byte) {
                guard let range = pattern.range(in: span, from: place) else { continue }
                (start, end) = (min(start, range.lowerBound), max(end, range.upperBound))
            }
            guard end > place else { continue }
            if let last = found.last, start < last.upperBound {
                found[found.count - 1] = min(start, last.lowerBound)..<max(end, last.upperBound)
            } else {
                found.append(start..<end)
            }
        }
        return found
    }
}
