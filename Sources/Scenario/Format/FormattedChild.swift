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
