import Scenario

/// What is asked of a step's responses, ready to be judged by.
struct StepChecks: Sendable {
    let expectation: Expectation
    /// The conditions of the expectation by their places in the file: their order numbers the assertions.
    let conditions: [Range<Int>]
    let assertions: [PlannedAssertion]
    /// Whether expected values are the same at every turn.
    let isConstant: Bool

    init(_ expectation: Expectation, in file: SourceFile) {
        var conditions: [Range<Int>] = []
        var assertions: [PlannedAssertion] = []
        for assertion in expectation.assertions {
            for condition in assertion.matcher.conditions where !conditions.contains(condition.range) {
                let position = file.position(of: condition.range.lowerBound)
                let source = String(decoding: file.bytes[condition.range], as: UTF8.self)
                conditions.append(condition.range)
                assertions.append(
                    PlannedAssertion(
                        text:
                            "\(assertion.query.name) \(source.split(whereSeparator: \.isWhitespace).joined(separator: " "))",
                        place: "\(file.path):\(position.line):\(position.column)"))
            }
        }
        self.expectation = expectation
        self.conditions = conditions
        self.assertions = assertions
        isConstant = expectation.assertions.allSatisfy { $0.matcher.expressions.allSatisfy(\.isPure) }
    }

    /// The assertion that a mismatch belongs to. A nested matcher's place lies within its condition's.
    func assertion(of mismatch: Mismatch) -> Int {
        conditions.firstIndex { $0.contains(mismatch.range.lowerBound) } ?? 0
    }
}

extension Expectation {
    /// Header fields that it asks about.
    var headerNames: [String] {
        assertions.compactMap { if case .header(let name) = $0.query { name } else { nil } }
    }

    var asksForTime: Bool { assertions.contains { $0.query == .time } }
}
