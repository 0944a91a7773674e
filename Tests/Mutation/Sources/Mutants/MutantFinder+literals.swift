import SwiftSyntax

extension MutantFinder {
    /// Only decimal numbers: the others are masks and code points, of which a neighbour seldom means anything.
    func addInteger(_ node: IntegerLiteralExprSyntax) {
        guard let value = Int(node.literal.text.filter { $0 != "_" }), value < Int.max else { return }
        add(.constant, replacing: node, with: "\(value + 1)")
        if value > 0 { add(.constant, replacing: node, with: "\(value - 1)") }
    }

    func addFloat(_ node: FloatLiteralExprSyntax) {
        guard let value = Double(node.literal.text.filter { $0 != "_" }) else { return }
        add(.constant, replacing: node, with: value == 0 ? "1.0" : "\(value * 2)")
    }

    func addElements(_ node: ArrayExprSyntax) {
        let whole = range(of: node)
        let elements = Array(node.elements)
        for (index, element) in elements.enumerated() {
            var removed = range(of: element)
            if index + 1 < elements.count {
                removed = removed.lowerBound..<range(of: elements[index + 1]).lowerBound
            } else if element.trailingComma == nil, index > 0 {
                removed = range(of: elements[index - 1].expression).upperBound..<removed.upperBound
            }
            let changed = source.applying([Edit(removed, "")], within: whole)
            add(.removedElement, replacing: node, with: changed)
        }
    }
}
