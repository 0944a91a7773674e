/// The tags of a page, parsed strictly: anything that is not one of the report's own tags is a problem.
struct Page {
    struct Tag {
        let name: String
        let attributes: [String: String]
        var classes: [String] { attributes["class"]?.split(separator: " ").map(String.init) ?? [] }
    }

    let text: String
    private(set) var tags: [Tag] = []
    private(set) var problems: [String] = []

    private static let void: Set = ["meta", "input"]
    private static let known = void.union([
        "html", "head", "title", "style", "body", "header", "main", "section", "details", "summary", "h1", "h2", "h3",
        "h4",
        "p", "div", "span", "i", "b", "mark", "a", "pre", "dl", "dt", "dd", "ol", "li", "time", "label",
    ])
    private static let attributes: Set = [
        "lang", "charset", "name", "content", "http-equiv", "class", "id", "style", "href", "open", "type", "role",
        "tabindex",
        "data-n", "aria-label", "aria-labelledby", "aria-hidden",
    ]

    init(_ text: String) {
        self.text = text
        var open: [String] = []
        // By scalars, as a browser parses; a `Character` can hide a less-than sign.
        for part in text.unicodeScalars.split(separator: "<" as Unicode.Scalar, omittingEmptySubsequences: false)
            .dropFirst()
        {
            guard let end = part.firstIndex(of: ">") else {
                problems.append("no end: <\(String(part.prefix(40)))")
                continue
            }
            let tag = String(part[..<end])
            if tag == "!DOCTYPE html" { continue }
            if tag.hasPrefix("/") {
                let name = String(tag.dropFirst())
                if open.popLast() != name { problems.append("unbalanced </\(name)>") }
                continue
            }
            let name = String(tag.prefix { $0 != " " })
            tags.append(Tag(name: name, attributes: read(tag.dropFirst(name.count))))
            if !Self.known.contains(name) { problems.append("unknown <\(name)>") }
            if !Self.void.contains(name) { open.append(name) }
        }
        if !open.isEmpty { problems.append("open: \(open)") }
    }

    /// Attributes as `name="value"` or `name`, and nothing else.
    private mutating func read(_ text: Substring) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text.unicodeScalars
        while let first = rest.first {
            guard first == " " else {
                problems.append("an attribute broken at \(Substring(rest))")
                return result
            }
            rest.removeFirst()
            let name = String(rest.prefix { ("a"..."z").contains($0) || $0 == "-" })
            rest = rest.dropFirst(name.unicodeScalars.count)
            if !Self.attributes.contains(name) { problems.append("unknown attribute \(name)") }
            result[name] = ""
            guard rest.first == "=" else { continue }
            let value = rest.dropFirst(2).prefix { $0 != "\"" }
            result[name] = String(value)
            rest = rest.dropFirst(value.count + 3)
        }
        return result
    }
}
