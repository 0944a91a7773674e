/// Formats a scenario file in the canonical layout, without changing values or comments.
///
/// - Two spaces per level, one member or element per line, and a space inside the braces of a one-line object.
/// - An array or object that was on one line stays there if the line fits in 100 columns.
/// - A comment at the end of a line stays there; a comment on its own line stays above what follows it.
/// - Runs of empty lines become one. None remain after an opening or before a closing bracket.
/// - No trailing comma; one line feed at the end.
///
/// Formatting is idempotent.
package func formatScenario(_ bytes: [UInt8]) throws(JSONSyntaxError) -> [UInt8] {
    var formatter = ScenarioFormatter(try JSONDocument(parsing: bytes, options: .scenario))
    return formatter.format()
}

/// An element of an array or a member of an object.
struct FormattedChild {
    /// A member's name, quotes included.
    let name: Range<Int>?
    /// The value's index on the tape.
    let value: Int
    let range: Range<Int>
}

extension JSONDocument {
    func formattedChildren(of container: Int) -> [FormattedChild] {
        let node = JSONNode(document: self, index: container)
        return node.elements.map { FormattedChild(name: nil, value: $0.index, range: $0.range) }
            + node.members.map { key, value in
                FormattedChild(
                    name: key.range, value: value.index, range: key.range.lowerBound..<value.range.upperBound)
            }
    }
}
