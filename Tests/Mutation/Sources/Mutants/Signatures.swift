import SwiftSyntax

/// The types of parameters, as written, of a module's functions and initialisers.
package struct Signatures: Sendable {
    /// Types by name and labels. Nil if declarations with the same name and labels differ.
    private var types: [String: [String]?] = [:]

    package init() {}

    package init(sources: [String]) {
        let collector = SignatureCollector(viewMode: .sourceAccurate)
        for source in sources { collector.walk(MutantFinder.folded(source)) }
        for (key, parameters) in collector.found {
            if let known = types[key], known != parameters { types[key] = .some(nil) } else { types[key] = parameters }
        }
    }

    func haveOneType(_ first: Int, _ second: Int, of name: String, labels: [String]) -> Bool {
        guard let entry = types[Self.key(name, labels)], let parameters = entry,
            parameters.indices.contains(first), parameters.indices.contains(second)
        else { return false }
        return parameters[first] == parameters[second] && !parameters[first].contains("->")
    }

    static func key(_ name: String, _ labels: [String]) -> String { "\(name)(\(labels.joined(separator: ":")))" }
}

private final class SignatureCollector: SyntaxVisitor {
    var found: [(key: String, parameters: [String])] = []

    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
        add(node.name.text, node.signature)
        return .visitChildren
    }

    override func visit(_ node: InitializerDeclSyntax) -> SyntaxVisitorContinueKind {
        if let name = typeName(around: Syntax(node)) { add(name, node.signature) }
        return .visitChildren
    }

    /// The memberwise initialiser, for a call that gives every property that has no value.
    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind {
        var labels: [String] = []
        var parameters: [String] = []
        for member in node.memberBlock.members {
            guard let variable = member.decl.as(VariableDeclSyntax.self), variable.modifiers.allSatisfy(isInstance)
            else { continue }
            for binding in variable.bindings {
                guard let name = binding.pattern.as(IdentifierPatternSyntax.self), let type = binding.typeAnnotation,
                    binding.accessorBlock == nil, binding.initializer == nil
                else { continue }
                labels.append(name.identifier.text)
                parameters.append(type.type.trimmedDescription)
            }
        }
        found.append((Signatures.key(node.name.text, labels), parameters))
        return .visitChildren
    }

    private func isInstance(_ modifier: DeclModifierSyntax) -> Bool { modifier.name.text != "static" }

    private func add(_ name: String, _ signature: FunctionSignatureSyntax) {
        let parameters = signature.parameterClause.parameters
        let labels = parameters.map(\.firstName.text)
        found.append((Signatures.key(name, labels), parameters.map(\.type.trimmedDescription)))
    }

    private func typeName(around node: Syntax) -> String? {
        var ancestor = node.parent
        while let current = ancestor {
            if let type = current.as(StructDeclSyntax.self) { return type.name.text }
            if let type = current.as(ClassDeclSyntax.self) { return type.name.text }
            if let type = current.as(ActorDeclSyntax.self) { return type.name.text }
            if let type = current.as(EnumDeclSyntax.self) { return type.name.text }
            if let type = current.as(ExtensionDeclSyntax.self) { return type.extendedType.trimmedDescription }
            ancestor = current.parent
        }
        return nil
    }
}
