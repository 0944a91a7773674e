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
    /// Whether the values that the step and the classes expect are the same for all users in all iterations.
    let isConstant: Bool

    /// - Parameters:
    ///   - classes: the kinds of responses that its responses are sorted into.
    ///   - file: with its secrets masked: assertions quote it.
    ///   - own: names of variables that differ between users, or change during the run.
    init(_ request: RequestStep, classes: [Expectation] = [], in file: SourceFile, own: Set<String> = []) {
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
        isConstant = (classes + [expectation]).flatMap(\.assertions).flatMap(\.matcher.expressions).allSatisfy {
            $0.isPure && $0.variables.isDisjoint(with: own)
        }
    }

    /// What a condition's assertion expects, without the rest.
    func expectation(ofAssertion number: Int) -> Expectation {
        Expectation(
            assertions: expectation.assertions.compactMap { assertion in
                var part = assertion
                part.matcher.conditions.removeAll { $0.range != conditions[number] }
                return part.matcher.conditions.isEmpty ? nil : part
            })
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
