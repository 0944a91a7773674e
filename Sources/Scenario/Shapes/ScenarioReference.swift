/// The format's reference in Markdown, generated from the tables that the reader uses.
package enum ScenarioReference {
    package static func markdown() -> String {
        var writer = Writer()
        writer.object(ScenarioShapes.scenario)
        while let next = writer.pending.first {
            writer.pending.removeFirst()
            writer.object(next)
        }
        return (writer.sections + [operators(), functions()]).joined(separator: "\n\n") + "\n"
    }

    private struct Writer {
        var sections: [String] = []
        /// Objects that were mentioned and still have to be described.
        var pending: [ObjectShape] = []
        private var seen: Set<String> = []

        mutating func object(_ object: ObjectShape) {
            seen.insert(object.name)
            var lines = ["### \(object.name)", "", object.summary, "", "| Key | Value | Meaning |", "|---|---|---|"]
            for key in object.keys {
                let name = key.isRequired ? "**`\(key.name)`**" : "`\(key.name)`"
                lines.append("| \(name) | \(text(of: key.shape)) | \(ScenarioReference.cell(key.summary)) |")
            }
            for group in object.alternatives {
                let names = group.keys.map { "`\($0)`" }.joined(separator: ", ")
                lines += ["", "\(group.isRequired ? "Exactly" : "At most") one of \(names)."]
            }
            sections.append(lines.joined(separator: "\n"))
        }

        private mutating func text(of shape: Shape) -> String {
            switch shape {
            case .string: return "text"
            case .keyword(let words): return words.map { "`\"\($0)\"`" }.joined(separator: " or ")
            case .template: return "text, `{{…}}`"
            case .boolean: return "true or false"
            case .integer(let range) where range.upperBound == .max: return "whole number, at least \(range.lowerBound)"
            case .integer(let range): return "whole number, \(range.lowerBound) to \(range.upperBound)"
            case .number: return "number"
            case .duration: return "duration"
            case .rate: return "rate"
            case .jsonPath: return "JSONPath"
            case .value: return "any JSON, `{{…}}`"
            case .list(let element, _): return "list of \(text(of: element))"
            case .map(let keys, let value): return "object: \(keys) → \(text(of: value))"
            case .oneOf(let shapes): return shapes.map { text(of: $0) }.joined(separator: ", or ")
            case .matcher: return "[matcher](#matchers)"
            case .object(let object):
                let object = object()
                if !seen.contains(object.name), !pending.contains(where: { $0.name == object.name }) {
                    pending.append(object)
                }
                return "[\(object.name)](#\(object.name.lowercased().split(separator: " ").joined(separator: "-")))"
            }
        }
    }

    private static func operators() -> String {
        var lines = [
            "### Matchers", "",
            "A bare value means strict equality. An object lists operators, all of which must hold. If there is no value,",
            "every operator fails except `exists: false` and `not`.", "", "| Operator | Holds if the value |",
            "|---|---|",
        ]
        lines += MatcherOperator.allCases.map { "| `\($0.rawValue)` | \(cell($0.summary)) |" }
        return lines.joined(separator: "\n")
    }

    private static func functions() -> String {
        var lines = ["### Functions", "", "| Function | Returns |", "|---|---|"]
        lines += TemplateFunction.allCases.map { function in
            let usage = function.usage.split(separator: "), ").map { $0.hasSuffix(")") ? "`\($0)`" : "`\($0))`" }
            return "| \(usage.joined(separator: ", ")) | \(cell(function.summary)) |"
        }
        return lines.joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
