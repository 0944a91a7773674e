import SwiftSyntax

extension MutantFinder {
    private static let comparisons = [
        "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "===": "!==", "!==": "===",
    ]
    private static let boundaries = ["<": "<=", "<=": "<", ">": ">=", ">=": ">"]
    private static let arithmetics = [
        "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&+": "&-", "&-": "&+", "&*": "&+", "<<": ">>", ">>": "<<",
        "&": "|", "|": "&", "^": "|",
    ]

    func addInfix(_ node: InfixOperatorExprSyntax) {
        guard let token = node.operator.as(BinaryOperatorExprSyntax.self)?.operator else { return }
        let symbol = token.text
        let left = text(node.leftOperand)
        let right = text(node.rightOperand)
        if let other = Self.boundaries[symbol] { replace(.boundary, token, with: other, in: node) }
        if let other = Self.comparisons[symbol] { replace(.comparison, token, with: other, in: node) }
        if let other = Self.arithmetics[symbol], !isText(node.leftOperand), !isText(node.rightOperand) {
            replace(.arithmetic, token, with: other, in: node)
        }
        switch symbol {
        case "&&", "||":
            replace(.logic, token, with: symbol == "&&" ? "||" : "&&", in: node)
            add(.droppedCondition, replacing: node, with: left)
            add(.droppedCondition, replacing: node, with: right)
        case "??":
            add(.nilDefault, replacing: node, with: right)
            add(.nilDefault, replacing: node, with: "(\(left))!")
        case "..<", "...":
            moveBound(node.leftOperand, by: "+ 1")
            moveBound(node.rightOperand, by: "- 1")
        default: break
        }
    }

    private func replace(
        _ mutationOperator: MutationOperator, _ token: TokenSyntax, with other: String, in node: InfixOperatorExprSyntax
    ) {
        let whole = range(of: node)
        let changed = source.applying([Edit(range(of: token), other)], within: whole)
        add(mutationOperator, replacing: node, with: changed)
    }

    /// A literal bound has mutants of its own.
    private func moveBound(_ bound: ExprSyntax, by step: String) {
        guard !bound.is(IntegerLiteralExprSyntax.self), !isText(bound) else { return }
        add(.boundary, replacing: bound, with: "((\(text(bound))) \(step))")
    }

    private func isText(_ node: ExprSyntax) -> Bool { node.is(StringLiteralExprSyntax.self) }
}
