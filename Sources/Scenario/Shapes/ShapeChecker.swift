/// Checks a file against the format's tables and reports every violation.
struct ShapeChecker {
    let file: SourceFile
    private(set) var diagnostics: [Diagnostic] = []

    init(file: SourceFile) { self.file = file }

    mutating func check(_ node: JSONNode, against shape: Shape) {
        guard shape.admits(node.kind) else {
            return report(.wrongType, "expected \(shape.expectation), found \(node.kind.withArticle)", node.range)
        }
        switch shape {
        case .string, .template, .boolean, .number, .value, .matcher, .duration, .rate, .jsonPath:
            break  // The reader checks their content.
        case .keyword(let words):
            guard let word = node.string, !words.contains(word) else { return }
            report(
                .invalidValue, "expected \(shape.expectation), found \"\(word)\"", node.range,
                help: Suggestion.nearest(to: word, among: words).map { "did you mean \"\($0)\"?" })
        case .integer(let range):
            guard let value = node.number?.int, range.contains(value) else {
                return report(.invalidValue, "expected \(shape.expectation), found \(node.literal)", node.range)
            }
        case .list(let element, let minimum):
            if node.count < minimum {
                report(.invalidValue, "expected at least \(minimum) element\(minimum == 1 ? "" : "s")", node.range)
            }
            for child in node.elements { check(child, against: element) }
        case .map(_, let value):
            for member in node.members { check(member.value, against: value) }
        case .object(let object):
            check(node, against: object())
        case .oneOf(let shapes):
            guard let chosen = shapes.first(where: { $0.admits(node.kind) }) else { return }
            check(node, against: chosen)
        }
    }

    private mutating func check(_ node: JSONNode, against object: ObjectShape) {
        var present: [String: Range<Int>] = [:]
        for member in node.members {
            let name = member.key.string ?? ""
            guard let key = object.keys.first(where: { $0.name == name }) else {
                let known = object.keys.map(\.name)
                report(
                    .unknownKey, "unknown key \"\(name)\" in \(object.nameWithArticle)", member.key.range,
                    help: Suggestion.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
                        ?? Suggestion.help(for: name, among: known.filter { node[$0] == nil }))
                continue
            }
            present[name] = member.key.range
            check(member.value, against: key.shape)
        }
        let opening = node.range.lowerBound..<node.range.lowerBound + 1
        for key in object.keys where key.isRequired && present[key.name] == nil {
            report(.missingKey, "\(object.nameWithArticle) needs \"\(key.name)\": \(key.summary.asPhrase)", opening)
        }
        for group in object.alternatives {
            let chosen = group.keys.filter { present[$0] != nil }
            let names = group.keys.map { "\"\($0)\"" }.joined(separator: ", ")
            if chosen.count > 1, let second = present[chosen[1]] {
                report(
                    .conflictingKeys, "\"\(chosen[0])\" and \"\(chosen[1])\" cannot both appear in one \(object.name)",
                    second,
                    help: "choose one of \(names)")
            } else if chosen.isEmpty, group.isRequired {
                report(.missingKey, "a \(object.name) needs one of \(names)", opening)
            }
        }
    }

    private mutating func report(
        _ code: Diagnostic.Code, _ message: String, _ range: Range<Int>, help: String? = nil
    ) {
        diagnostics.append(Diagnostic(code, message, in: file, at: range, help: help))
    }
}

extension String {
    /// The first sentence as a clause: "Its name." becomes "its name".
    fileprivate var asPhrase: String { prefix(1).lowercased() + dropFirst().prefix { $0 != "." } }
}

extension JSONKind {
    /// With its article, for messages: "a string", "null".
    package var withArticle: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONNode {
    /// The value's source text.
    package var literal: String { String(decoding: document.bytes[range], as: UTF8.self) }
}
