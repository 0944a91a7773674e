extension JSON: CustomStringConvertible {
    /// The value as JSON text on one line, without whitespace. Members keep their order and numbers their literals.
    package func serialized() -> String { serialized(layout: nil) }

    /// The value as JSON text, with one line per element or member and this many spaces of indentation per level.
    package func serialized(indent: Int) -> String { serialized(layout: indent) }

    package var description: String { serialized() }

    private func serialized(layout indent: Int?) -> String {
        var writer = JSONWriter(indent: indent)
        writer.write(self)
        return String(decoding: writer.text, as: UTF8.self)
    }
}

private struct JSONWriter {
    /// Spaces per level, or nil to write everything on one line.
    let indent: Int?
    private(set) var text: [UInt8] = []
    private var depth = 0

    init(indent: Int?) { self.indent = indent }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: text += "null".utf8
        case .boolean(let value): text += (value ? "true" : "false").utf8
        case .number(let value): text += value.literal.utf8
        case .string(let value): JSONStringSyntax.appendLiteral(of: value, to: &text)
        case .array(let elements): write(elements, in: ("[", "]")) { $0.write($1) }
        case .object(let members):
            write(members, in: ("{", "}")) {
                JSONStringSyntax.appendLiteral(of: $1.key, to: &$0.text)
                $0.text += ($0.indent == nil ? ":" : ": ").utf8
                $0.write($1.value)
            }
        }
    }

    private mutating func write<Items: Sequence>(
        _ items: Items, in brackets: (open: String, close: String), each: (inout JSONWriter, Items.Element) -> Void
    ) {
        text += brackets.open.utf8
        depth += 1
        var isEmpty = true
        for item in items {
            if !isEmpty { text.append(UInt8(ascii: ",")) }
            isEmpty = false
            breakLine()
            each(&self, item)
        }
        depth -= 1
        if !isEmpty { breakLine() }
        text += brackets.close.utf8
    }

    private mutating func breakLine() {
        guard let indent else { return }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * depth))
    }
}
