/// A scenario file in its canonical layout. Values are not touched, and neither are comments.
///
/// - Two spaces a level; a member or element a line; within an object on one line a space at either end.
/// - An array or object that was on one line stays there while that line has 100 columns at most.
/// - A comment beside something stays beside it; one on its own line stays above what comes next.
/// - One empty line stays where there were any; none after an opening bracket and before a closing one.
/// - No comma after the last element or member; one line feed at the end.
///
/// Formatting the result changes nothing.
package func formatScenario(_ bytes: [UInt8]) throws(JSONSyntaxError) -> [UInt8] {
    var formatter = ScenarioFormatter(try JSONDocument(parsing: bytes, options: .scenario))
    return formatter.format()
}

/// An element or a member.
struct FormattedChild {
    /// The name of a member, with its quotes.
    let name: Range<Int>?
    /// The value's place on the tape.
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
