import Scenario

extension CompiledChecks {
    /// Nil if some check can only be evaluated in full.
    ///
    /// - Parameters:
    ///   - own: names of variables that are not the same for all users in all iterations.
    ///   - scope: the variables that all users share.
    init?(_ checks: StepChecks, classes: [Expectation], own: Set<String>, scope: Scope) {
        var compiler = CheckCompiler(own: own, scope: scope, captures: checks.captures.map(\.name))
        var captures: [Capture] = []
        for (index, capture) in checks.captures.enumerated() {
            guard capture.match == nil, let subject = compiler.subject(of: capture.query) else { return nil }
            switch subject {
            case .status, .json: break
            case .time, .header: return nil
            }
            captures.append(
                Capture(name: capture.name, subject: subject, assertion: checks.conditions.count + index))
        }
        var compiled: [Check] = []
        for (index, expectation) in classes.enumerated() {
            guard let conditions = compiler.conditions(of: expectation) else { return nil }
            compiled += conditions.map { Check(condition: $0, failure: 0, nonclass: 1 << UInt64(index)) }
        }
        guard let conditions = compiler.conditions(of: checks.expectation) else { return nil }
        for (condition, number) in zip(conditions, checks.numbers) {
            compiled.append(Check(condition: condition, failure: 1 << UInt64(number), nonclass: 0))
        }
        extractor = JSONExtractor(compiler.paths)
        self.checks = compiled
        self.captures = captures
        headers = compiler.headers
        variables = compiler.variables
        texts = compiler.texts
        statuses = compiler.statuses
        allClasses = classes.isEmpty ? 0 : UInt64.max >> UInt64(64 - classes.count)
    }
}

/// Collects what compiled conditions refer to.
private struct CheckCompiler {
    let own: Set<String>
    let scope: Scope
    let captures: [String]
    private(set) var paths: [[JSONExtractor.Step]] = []
    private(set) var headers: [String] = []
    private(set) var variables: [(name: String, capture: Int)] = []
    private(set) var texts: [UInt8] = []
    private(set) var statuses: [Range<Int>] = []

    init(own: Set<String>, scope: Scope, captures: [String]) {
        self.own = own
        self.scope = scope
        self.captures = captures
    }

    mutating func conditions(of expectation: Expectation) -> [CompiledCondition]? {
        var compiled: [CompiledCondition] = []
        for assertion in expectation.assertions {
            guard let subject = subject(of: assertion.query) else { return nil }
            for condition in assertion.matcher.conditions {
                guard let test = test(of: condition) else { return nil }
                compiled.append(CompiledCondition(subject: subject, test: test))
            }
        }
        return compiled
    }

    mutating func subject(of query: Query) -> CompiledCondition.Subject? {
        switch query {
        case .status: return .status
        case .time: return .time
        case .header(let name): return .header(Self.index(of: name.lowercased(), in: &headers))
        case .json(let path): return path.steps.map { .json(Self.index(of: $0, in: &paths)) }
        case .body, .bytes, .phase, .since, .cookie, .httpVersion: return nil
        }
    }

    private static func index<Element: Equatable>(of element: Element, in list: inout [Element]) -> Int {
        if let index = list.firstIndex(of: element) { return index }
        list.append(element)
        return list.count - 1
    }

    private mutating func test(of condition: Matcher.Condition) -> CompiledCondition.Test? {
        switch (condition.operator, condition.operand) {
        case (.exists, .flag(let isExpected)): return .exists(isExpected)
        case (_, .statuses(let ranges)):
            statuses += ranges
            let range = statuses.count - ranges.count..<statuses.count
            return .statuses(range, isMember: [.eq, .in].contains(condition.operator))
        case (_, .typeName("integer")): return .isInteger
        case (_, .typeName(let name)): return JSONKind(rawValue: name).map { .type($0) }
        case (.minLength, .length(let limit)): return .length(.greaterOrEqual, limit)
        case (.maxLength, .length(let limit)): return .length(.lessOrEqual, limit)
        case (.length, .length(let limit)): return .length(.equal, limit)
        case (.startsWith, .value(let value)):
            guard case .string(let text)? = constant(value) else { return nil }
            return .prefix(keep(text))
        case (let `operator`, .value(let value)):
            guard let comparison = CompiledCondition.Comparison(`operator`) else { return nil }
            if let expected = constant(value) { return test(comparison, expected) }
            return variable(comparison, value)
        default: return nil
        }
    }

    private mutating func test(
        _ comparison: CompiledCondition.Comparison, _ expected: JSON
    ) -> CompiledCondition.Test? {
        let isEquality = comparison == .equal || comparison == .notEqual
        switch expected {
        case .null where isEquality: return .isNull(comparison == .equal)
        case .boolean(let value) where isEquality: return .boolean(value, isEqual: comparison == .equal)
        case .string(let text) where isEquality: return .text(keep(text), isEqual: comparison == .equal)
        case .number(let number): return number.int.map { .integer(comparison, $0) }
        case .null, .boolean, .string, .array, .object: return nil
        }
    }

    /// The value, if it is the same for all users in all iterations.
    private func constant(_ value: TemplateValue) -> JSON? {
        guard value.expressions.allSatisfy({ $0.isPure && $0.variables.isDisjoint(with: own) }) else { return nil }
        return try? value.render(scope)
    }

    private mutating func variable(
        _ comparison: CompiledCondition.Comparison, _ value: TemplateValue
    ) -> CompiledCondition.Test? {
        guard comparison == .equal || comparison == .notEqual, case .template(let template) = value,
            template.parts.count == 1, case .variable(let name, let path)? = template.expressions.first,
            path.isEmpty, own.contains(name)
        else { return nil }
        variables.append((name, captures.firstIndex(of: name) ?? -1))
        return .variable(variables.count - 1, isEqual: comparison == .equal)
    }

    private mutating func keep(_ text: String) -> Range<Int> {
        let start = texts.count
        texts += text.utf8
        return start..<texts.count
    }
}

extension CompiledCondition.Comparison {
    /// Nil if the operator does not compare values.
    fileprivate init?(_ operator: MatcherOperator) {
        switch `operator` {
        case .eq, .equals: self = .equal
        case .ne: self = .notEqual
        case .lt: self = .less
        case .lte: self = .lessOrEqual
        case .gt: self = .greater
        case .gte: self = .greaterOrEqual
        default: return nil
        }
    }
}
