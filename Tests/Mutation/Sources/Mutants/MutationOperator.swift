/// The kind of change that a mutant makes.
package enum MutationOperator: String, CaseIterable, Codable, Sendable {
    /// `<` becomes `>=`, `==` becomes `!=`.
    case comparison
    /// `<` becomes `<=`, and an end of a range moves by one.
    case boundary
    /// `+` becomes `-`, `*` becomes `/`, `min` becomes `max`.
    case arithmetic
    /// `&&` becomes `||`.
    case logic
    /// A number changes by one, a Boolean is inverted.
    case constant
    /// `if a` becomes `if !a`.
    case negatedCondition
    /// `if a, b` becomes `if b`; `a && b` becomes `a`.
    case droppedCondition
    /// A call, an assignment, or a `throw` is left out.
    case droppedStatement
    /// A `return`, `break` or `continue` before the end of a body is left out.
    case droppedExit
    /// `f(a, b)` becomes `f(b, a)` where both parameters have the same type.
    case swappedArguments
    /// `a ?? b` becomes `b` or `a!`.
    case nilDefault
    /// The body of a `defer` is left out.
    case removedDefer
    /// An element of an array literal is left out.
    case removedElement
}
