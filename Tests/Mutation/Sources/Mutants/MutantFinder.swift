import SwiftOperators
import SwiftParser
import SwiftSyntax

/// Walks over a file's syntax and collects its mutants.
///
/// It knows no types. A mutant that does not type-check is dropped after the build.
package final class MutantFinder: SyntaxVisitor {
    let file: String
    let source: SourceText
    let signatures: Signatures
    private var mutants: [Mutant] = []
    private var occurrences: [String: Int] = [:]

    private init(file: String, source: String, signatures: Signatures) {
        self.file = file
        self.source = SourceText(source)
        self.signatures = signatures
        super.init(viewMode: .sourceAccurate)
    }

    /// The mutants of a file in the order of the source. The signatures say which arguments are of one type.
    package static func mutants(file: String, source: String, signatures: Signatures = Signatures()) -> [Mutant] {
        let finder = MutantFinder(file: file, source: source, signatures: signatures)
        finder.walk(folded(source))
        return finder.mutants
    }

    static func folded(_ source: String) -> Syntax {
        OperatorTable.standardOperators.foldAll(Parser.parse(source: source)) { _ in }
    }

    func add(_ mutationOperator: MutationOperator, _ edits: [Edit], at node: some SyntaxProtocol) {
        guard let first = edits.first, let last = edits.last else { return }
        let around = source.lines(around: first.range.lowerBound..<last.range.upperBound)
        let difference = LineDifference(source[around], source.applying(edits, within: around))
        var mutant = Mutant(
            mutationOperator: mutationOperator, file: file, line: source.line(of: first.range.lowerBound), edits: edits,
            scope: scope(of: node), before: difference.before, after: difference.after)
        let identity = mutant.identity
        mutant.occurrence = occurrences[identity, default: 0]
        occurrences[identity, default: 0] += 1
        mutants.append(mutant)
    }

    func add(_ mutationOperator: MutationOperator, replacing node: some SyntaxProtocol, with replacement: String) {
        add(mutationOperator, [Edit(range(of: node), replacement)], at: node)
    }

    func range(of node: some SyntaxProtocol) -> Range<Int> {
        node.positionAfterSkippingLeadingTrivia.utf8Offset..<node.endPositionBeforeTrailingTrivia.utf8Offset
    }

    func text(_ node: some SyntaxProtocol) -> String { source[range(of: node)] }

    private func scope(of node: some SyntaxProtocol) -> Range<Int> {
        var ancestor = node.parent
        while let current = ancestor {
            switch current.kind {
            case .functionDecl, .initializerDecl, .deinitializerDecl, .subscriptDecl: return range(of: current)
            case .variableDecl where current.parent?.kind == .memberBlockItem: return range(of: current)
            default: ancestor = current.parent
            }
        }
        return 0..<source.bytes.count
    }

    // MARK: Places whose expressions the compiler must know

    package override func visit(_ node: AttributeSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    package override func visit(_ node: EnumCaseElementSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    package override func visit(_ node: KeyPathExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    package override func visit(_ node: GenericArgumentClauseSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    package override func visit(_ node: IfConfigClauseSyntax) -> SyntaxVisitorContinueKind {
        if let elements = node.elements { walk(elements) }
        return .skipChildren
    }

    // MARK: Mutants

    package override func visit(_ node: InfixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        addInfix(node)
        return .visitChildren
    }

    package override func visit(_ node: PrefixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        if node.operator.text == "!" { add(.negatedCondition, replacing: node, with: text(node.expression)) }
        return .visitChildren
    }

    package override func visit(_ node: IntegerLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        addInteger(node)
        return .skipChildren
    }

    package override func visit(_ node: FloatLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        addFloat(node)
        return .skipChildren
    }

    package override func visit(_ node: BooleanLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        add(.constant, replacing: node, with: node.literal.text == "true" ? "false" : "true")
        return .skipChildren
    }

    package override func visit(_ node: ArrayExprSyntax) -> SyntaxVisitorContinueKind {
        addElements(node)
        return .visitChildren
    }

    package override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        addCall(node)
        return .visitChildren
    }

    package override func visit(_ node: ConditionElementSyntax) -> SyntaxVisitorContinueKind {
        addCondition(node)
        return .visitChildren
    }

    package override func visit(_ node: TernaryExprSyntax) -> SyntaxVisitorContinueKind {
        addNegation(of: node.condition)
        return .visitChildren
    }

    package override func visit(_ node: WhereClauseSyntax) -> SyntaxVisitorContinueKind {
        add(.droppedCondition, replacing: node.condition, with: "true")
        addNegation(of: node.condition)
        return .visitChildren
    }

    package override func visit(_ node: CodeBlockItemSyntax) -> SyntaxVisitorContinueKind {
        addStatement(node)
        return .visitChildren
    }
}
