import Scenario

/// The subset of YAML 1.2 that the reports need.
enum YAML {
    /// A number or a word that needs no quotes.
    case literal(String)
    case text(String)
    case list([YAML])
    case map([(String, YAML)])

    var lines: [String] {
        switch self {
        case .literal(let literal): [literal]
        case .text(let text): [Self.quoted(text)]
        case .list(let elements):
            elements.flatMap { element in
                element.lines.enumerated().map { $0 == 0 ? "- \($1)" : "  \($1)" }
            }
        case .map(let members):
            members.flatMap { name, value in
                switch value {
                case .literal, .text: ["\(Self.key(name)): \(value.lines[0])"]
                case .list, .map: ["\(Self.key(name)):"] + value.lines.map { "  \($0)" }
                }
            }
        }
    }

    private static func key(_ name: String) -> String {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetter($0) }
        return isPlain ? name : quoted(name)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// A double-quoted scalar: a JSON string in which characters that YAML considers non-printable are escaped too
    /// (section 5.1).
    private static func quoted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in JSON.string(text).serialized().unicodeScalars {
            switch scalar {
            case "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
