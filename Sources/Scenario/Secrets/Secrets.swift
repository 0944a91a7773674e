/// Values that must not be shown, and how to take them out of what is.
package struct Secrets: Sendable {
    /// Every form of every secret, the longest first: a secret may be part of another.
    private var forms: [String] = []

    package init() {}

    package static let mask = "***"

    /// Adds a value in the forms in which it can appear: as it is, within JSON, within a URL, in base64.
    package mutating func insert(_ secret: String) {
        guard !secret.isEmpty else { return }
        var escaped = JSON.string(secret).serialized()
        escaped = String(escaped.dropFirst().dropLast())
        let bytes = Array(secret.utf8)
        for form in [
            secret, escaped, Encoding.percent(secret), Encoding.base64(bytes), Encoding.base64url(bytes),
        ] where !forms.contains(form) {
            forms.append(form)
        }
        forms.sort { $0.utf8.count > $1.utf8.count }
    }

    package mutating func formUnion(_ other: Secrets) {
        forms = Set(forms).union(other.forms).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
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

    package func redact(_ text: String) -> String {
        guard !forms.isEmpty else { return text }
        return String(decoding: redact(Array(text.utf8)), as: UTF8.self)
    }

    package func redact(_ bytes: [UInt8]) -> [UInt8] {
        replace(in: bytes) { _ in Array(Self.mask.utf8) }
    }

    /// The file with every secret covered by as many asterisks, so that all places in it stay where they are.
    package func redact(_ file: SourceFile) -> SourceFile {
        guard !forms.isEmpty else { return file }
        let covered = replace(in: file.bytes) { [UInt8](repeating: UInt8(ascii: "*"), count: $0) }
        return covered == file.bytes ? file : SourceFile(path: file.path, bytes: covered)
    }

    package func redact(_ diagnostic: Diagnostic) -> Diagnostic {
        guard !forms.isEmpty else { return diagnostic }
        var copy = diagnostic
        copy.file = redact(diagnostic.file)
        copy.message = redact(diagnostic.message)
        copy.label = diagnostic.label.map(redact)
        copy.help = diagnostic.help.map(redact)
        copy.notes = diagnostic.notes.map { Diagnostic.Note($0.name, redact($0.text)) }
        return copy
    }

    private func replace(in bytes: [UInt8], with replacement: (_ length: Int) -> [UInt8]) -> [UInt8] {
        var bytes = bytes
        for form in forms {
            let needle = Array(form.utf8)
            var result: [UInt8] = []
            var start = 0
            while let found = bytes.firstRange(of: needle, from: start) {
                result += bytes[start..<found.lowerBound] + replacement(needle.count)
                start = found.upperBound
            }
            if start > 0 { bytes = result + bytes[start...] }
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate func firstRange(of needle: [UInt8], from start: Int) -> Range<Int>? {
        guard let first = needle.first, count >= needle.count else { return nil }
        var offset = start
        while offset <= count - needle.count {
            if self[offset] == first, self[offset..<offset + needle.count].elementsEqual(needle) {
                return offset..<offset + needle.count
            }
            offset += 1
        }
        return nil
    }
}
