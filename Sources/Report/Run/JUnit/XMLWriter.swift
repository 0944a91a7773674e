/// Writes XML 1.0 (Fifth Edition) that is well-formed for any text.
struct XMLWriter {
    private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    private var depth = 0

    typealias Attributes = KeyValuePairs<String, String?>

    /// An element with child elements. Attributes without a value are omitted.
    mutating func element(_ name: String, _ attributes: Attributes, _ content: (inout XMLWriter) -> Void) {
        open(name, attributes)
        text += ">\n"
        depth += 1
        content(&self)
        depth -= 1
        indent()
        text += "</\(name)>\n"
    }

    /// An element with text, or an empty one.
    mutating func element(_ name: String, _ attributes: Attributes = [:], text content: String? = nil) {
        open(name, attributes)
        text += content.map { ">\(Self.escaped($0, isAttribute: false))</\(name)>\n" } ?? "/>\n"
    }

    private mutating func open(_ name: String, _ attributes: Attributes) {
        indent()
        text += "<\(name)"
        for case (let name, let value?) in attributes {
            text += " \(name)=\"\(Self.escaped(value, isAttribute: true))\""
        }
    }

    private mutating func indent() { text += String(repeating: "  ", count: depth) }

    /// Escapes text by sections 2.2 and 2.4 of the specification. Characters that XML cannot represent, such as most
    /// control characters, become `\u{1}`. White space that a parser would normalize becomes character references.
    static func escaped(_ text: String, isAttribute: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;".unicodeScalars
            case "<": result += "&lt;".unicodeScalars
            // Because `]]>` is not allowed in text.
            case ">": result += "&gt;".unicodeScalars
            case "\"" where isAttribute: result += "&quot;".unicodeScalars
            case "\n" where !isAttribute, "\t" where !isAttribute: result.append(scalar)
            case "\n", "\t", "\r": result += "&#\(scalar.value);".unicodeScalars
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
                result += "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
