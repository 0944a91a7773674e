import Scenario

/// What is asked of a step's responses, ready to be judged by.
struct StepChecks: Sendable {
    let expectation: Expectation
    /// What it takes from its responses. The assertions that there is something to take stand behind the conditions'.
    let captures: [Capture]
    /// The conditions of the expectation by their places in the file: their order numbers the assertions.
    let conditions: [Range<Int>]
    /// For each condition of the expectation, in order, the number of its assertion: several may stand at one place.
    let numbers: [Int]
    let assertions: [PlannedAssertion]
    /// Whether expected values are the same at every turn.
    let isConstant: Bool

    /// - Parameter own: names of variables that differ between users, or from turn to turn.
    init(_ request: RequestStep, in file: SourceFile, own: Set<String> = []) {
        let expectation = request.expectation
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
        for capture in request.captures {
            let position = file.position(of: capture.range.lowerBound)
            assertions.append(
                PlannedAssertion(
                    text: "a value at \(capture.query.name) to capture as \"\(capture.name)\"",
                    place: "\(file.path):\(position.line):\(position.column)"))
        }
        self.expectation = expectation
        captures = request.captures
        self.conditions = conditions
        numbers = expectation.assertions.flatMap(\.matcher.conditions).map { condition in
            conditions.firstIndex(of: condition.range) ?? 0
        }
        self.assertions = assertions
        isConstant = expectation.assertions.allSatisfy { assertion in
            assertion.matcher.expressions.allSatisfy { $0.isPure && $0.variables.isDisjoint(with: own) }
        }
    }

    /// The assertion that a mismatch belongs to. A nested matcher's place lies within its condition's.
    func assertion(of mismatch: Mismatch) -> Int {
        conditions.firstIndex { $0.contains(mismatch.range.lowerBound) } ?? 0
    }
}

extension Query {
    /// The header field that it asks about; nil for any other part of a response.
    var headerName: String? {
        switch self {
        case .header(let name): name
        case .cookie: "Set-Cookie"
        default: nil
        }
    }
}

extension Expectation {
    /// Header fields that it asks about.
    var headerNames: [String] { assertions.compactMap(\.query.headerName) }

    var asksForTime: Bool { assertions.contains { $0.query == .time } }
}
