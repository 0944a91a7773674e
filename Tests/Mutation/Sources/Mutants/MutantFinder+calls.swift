import SwiftSyntax

extension MutantFinder {
    func addCall(_ node: FunctionCallExprSyntax) {
        let arguments = Array(node.arguments)
        guard arguments.count >= 2, let name = calledName(node.calledExpression) else { return }
        if name == "min" || name == "max", arguments.allSatisfy({ $0.label == nil }) {
            let other = name == "min" ? "max" : "min"
            let token = Edit(range(of: node.calledExpression), other)
            if node.calledExpression.is(DeclReferenceExprSyntax.self) {
                add(.arithmetic, replacing: node, with: source.applying([token], within: range(of: node)))
            }
        }
        let labels = arguments.map { $0.label?.text ?? "_" }
        for (first, second) in zip(arguments.indices, arguments.indices.dropFirst()) {
            let one = arguments[first].expression
            let other = arguments[second].expression
            guard text(one) != text(other), areOfOneType(one, other, first, second, of: name, labels) else { continue }
            add(.swappedArguments, [Edit(range(of: one), text(other)), Edit(range(of: other), text(one))], at: node)
        }
    }

    private func areOfOneType(
        _ one: ExprSyntax, _ other: ExprSyntax, _ first: Int, _ second: Int, of name: String, _ labels: [String]
    ) -> Bool {
        if one.kind == other.kind, one.is(IntegerLiteralExprSyntax.self) || one.is(StringLiteralExprSyntax.self) {
            return true
        }
        return signatures.haveOneType(first, second, of: name, labels: labels)
    }

    /// `f` of `f(…)`, `a.f(…)` and `.f(…)`; nil for a call of any other expression.
    private func calledName(_ called: ExprSyntax) -> String? {
        if let reference = called.as(DeclReferenceExprSyntax.self) { return reference.baseName.text }
        guard let member = called.as(MemberAccessExprSyntax.self) else { return nil }
        let name = member.declName.baseName.text
        guard name == "init", let base = member.base else { return name }
        return calledName(base)
    }
}
