import SwiftSyntax

extension MutantFinder {
    private static let compoundAssignments = [
        "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "&+=": "&-=", "&-=": "&+=", "|=": "&=", "&=": "|=",
        "<<=": ">>=", ">>=": "<<=",
    ]
    /// Without them, the program is no different as long as it is right.
    private static let checks: Set = [
        "precondition", "preconditionFailure", "assert", "assertionFailure", "fatalError",
    ]

    func addStatement(_ node: CodeBlockItemSyntax) {
        switch node.item {
        case .stmt(let statement): addStatement(statement, in: node)
        case .expr(let expression): addExpression(expression, in: node)
        default: break
        }
    }

    private func addStatement(_ statement: StmtSyntax, in node: CodeBlockItemSyntax) {
        switch statement.kind {
        case .returnStmt, .continueStmt:
            if !isLast(node), !isInGuard(node) { drop(.droppedExit, node) }
        case .breakStmt:
            // A `break` alone in a case does nothing.
            if !isAlone(node), !isInGuard(node) { drop(.droppedExit, node) }
        case .throwStmt:
            if !isInGuard(node) { drop(.droppedStatement, node) }
        case .deferStmt:
            guard let body = statement.as(DeferStmtSyntax.self)?.body.statements, !body.isEmpty else { return }
            add(.removedDefer, [Edit(range(of: body), "", form: .statement)], at: node)
        default: break
        }
    }

    private func addExpression(_ expression: ExprSyntax, in node: CodeBlockItemSyntax) {
        let tested = core(of: expression)
        if let infix = tested.as(InfixOperatorExprSyntax.self) {
            let symbol = infix.operator.trimmedDescription
            if let other = Self.compoundAssignments[symbol] {
                let changed = source.applying([Edit(range(of: infix.operator), other)], within: range(of: node))
                add(.arithmetic, [Edit(range(of: node), changed, form: .statement)], at: node)
            }
            if symbol.hasSuffix("="), !["==", "!=", "<=", ">="].contains(symbol) { drop(.droppedStatement, node) }
        } else if let call = tested.as(FunctionCallExprSyntax.self), !isValue(node) {
            guard !Self.checks.contains(call.calledExpression.trimmedDescription) else { return }
            drop(.droppedStatement, node)
        }
    }

    private func drop(_ mutationOperator: MutationOperator, _ node: CodeBlockItemSyntax) {
        add(mutationOperator, [Edit(range(of: node), "", form: .statement)], at: node)
    }

    /// Whether the statement ends a function's or closure's body, so that leaving it out means falling off the end.
    private func isLast(_ node: CodeBlockItemSyntax) -> Bool {
        guard let list = node.parent?.as(CodeBlockItemListSyntax.self), list.last?.id == node.id else { return false }
        guard let body = list.parent else { return true }
        if body.is(ClosureExprSyntax.self) || body.is(AccessorBlockSyntax.self) { return true }
        guard let owner = body.parent else { return true }
        return [.functionDecl, .initializerDecl, .accessorDecl, .subscriptDecl].contains(owner.kind)
    }

    private func isAlone(_ node: CodeBlockItemSyntax) -> Bool {
        guard let list = node.parent?.as(CodeBlockItemListSyntax.self) else { return true }
        return list.count == 1 && list.parent?.is(SwitchCaseSyntax.self) == true
    }

    /// The body of a `guard` must leave the scope.
    private func isInGuard(_ node: CodeBlockItemSyntax) -> Bool {
        node.parent?.parent?.parent?.is(GuardStmtSyntax.self) == true
            && node.parent?.as(CodeBlockItemListSyntax.self)?.last?.id == node.id
    }

    /// Whether the expression is a body's value rather than a statement.
    private func isValue(_ node: CodeBlockItemSyntax) -> Bool {
        guard let list = node.parent?.as(CodeBlockItemListSyntax.self), list.count == 1, let body = list.parent
        else { return false }
        if body.is(AccessorBlockSyntax.self) { return true }
        return body.parent?.as(FunctionDeclSyntax.self)?.signature.returnClause != nil
    }
}
