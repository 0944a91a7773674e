import SwiftSyntax

extension MutantFinder {
    func addCondition(_ node: ConditionElementSyntax) {
        guard case .expression(let condition) = node.condition,
            let list = node.parent?.as(ConditionElementListSyntax.self), let statement = list.parent
        else { return }
        let tested = core(of: condition)
        addNegation(of: condition)
        if list.count > 1 || statement.is(GuardStmtSyntax.self) {
            add(.droppedCondition, replacing: tested, with: "true")
        } else if statement.is(IfExprSyntax.self) {
            add(.droppedCondition, replacing: tested, with: "true")
            add(.droppedCondition, replacing: tested, with: "false")
        } else if statement.is(WhileStmtSyntax.self) {
            // With `true`, the loop would not end, which any test notices.
            add(.droppedCondition, replacing: tested, with: "false")
        }
    }

    /// Comparisons and `!` have mutants of their own that are the negation.
    func addNegation(of condition: ExprSyntax) {
        let tested = core(of: condition)
        let isLeaf =
            tested.is(DeclReferenceExprSyntax.self) || tested.is(MemberAccessExprSyntax.self)
            || tested.is(FunctionCallExprSyntax.self) || tested.is(SubscriptCallExprSyntax.self)
        if isLeaf { add(.negatedCondition, replacing: tested, with: "!\(text(tested))") }
    }

    /// The expression below `try` and `await`, which must stay outside the choice between mutant and original.
    func core(of expression: ExprSyntax) -> ExprSyntax {
        if let attempt = expression.as(TryExprSyntax.self) { return core(of: attempt.expression) }
        if let suspension = expression.as(AwaitExprSyntax.self) { return core(of: suspension.expression) }
        return expression
    }
}
