import Scenario

/// The checks of a step's responses, prepared for judging.
struct StepChecks: Sendable {
    let expectation: Expectation
    /// The captures. Each also has an assertion that its value exists, numbered after those of the conditions.
    let captures: [Capture]
    /// The conditions of the expectation by their ranges in the file. Their order numbers the assertions.
    let conditions: [Range<Int>]
    /// For each condition of the expectation, in order, the number of its assertion. Several conditions may share a
    /// range.
    let numbers: [Int]
    let assertions: [PlannedAssertion]
    /// Whether the values that the step and the classes expect are the same for all users in all iterations.
    let isConstant: Bool

    /// - Parameters:
    ///   - classes: the response classes.
    ///   - file: with its secrets masked, because assertions quote it.
    ///   - own: names of variables that differ between users or change during the run.
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

    /// The part of the expectation that belongs to one assertion.
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
    /// The header field that it reads; nil for any other part of a response.
    var headerName: String? {
        switch self {
        case .header(let name): name
        case .cookie: "Set-Cookie"
        default: nil
        }
    }
}

extension Expectation {
    /// The header fields that its assertions read.
    var headerNames: [String] { assertions.compactMap(\.query.headerName) }

    var asksForTime: Bool { assertions.contains { $0.query == .time } }
}
