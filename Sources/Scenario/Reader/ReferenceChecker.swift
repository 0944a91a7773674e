/// Finds uses of undefined variables. This happens before the run, because a run that fails midway has already changed
/// the server.
struct ReferenceChecker {
    private let file: SourceFile
    private var known: Set<String>
    /// Ids of the steps started so far.
    private var steps: Set<String> = []
    private var used: Set<String> = []
    private let audit: AuditSettings
    private var diagnostics: [Diagnostic] = []

    /// - Returns: the errors, and every variable that the scenario declares or uses.
    static func check(
        _ scenario: Scenario, externalVariables: Set<String>
    ) -> (diagnostics: [Diagnostic], variables: Set<String>) {
        var checker = ReferenceChecker(scenario, known: externalVariables.union(scenario.requires))
        if let data = scenario.data { checker.check(data, scenario.variables.map(\.name)) }
        checker.check(scenario.variables)
        for environment in scenario.environments { checker.check(environment.variables) }
        for limit in scenario.audit.rateLimits {
            let policy = limit.policy
            checker.check(policy.count.expressions + policy.time.expressions, at: policy.range)
        }
        checker.check(scenario.setup)
        for responseClass in scenario.load.classes { checker.check(responseClass.expectation) }
        for stampede in scenario.audit.stampedes { checker.check(stampede.miss) }
        checker.check(scenario.steps)
        checker.check(scenario.teardown)
        let declared =
            scenario.requires + (scenario.variables + scenario.environments.flatMap(\.variables)).map(\.name)
            + (scenario.data?.rows.joined().map(\.name) ?? [])
        return (checker.diagnostics, checker.used.union(declared))
    }

    private init(_ scenario: Scenario, known: Set<String>) {
        file = scenario.file
        audit = scenario.audit
        self.known = known
    }

    /// A variable may use those declared before it.
    private mutating func check(_ variables: [Variable]) {
        for variable in variables {
            switch variable.source {
            case .value(let value): check(value.expressions, at: variable.range)
            case .environment(_, let value): check(value?.expressions ?? [], at: variable.range)
            }
            known.insert(variable.name)
        }
    }

    /// A row is evaluated before the variables, which may use it. A column may use the columns before it.
    private mutating func check(_ data: DataRows, _ variables: [String]) {
        let outside = known
        var reported: Set<String> = []
        for row in data.rows {
            known = outside.union(reported)
            for column in row {
                let expressions = column.value.expressions
                check(
                    expressions, at: data.range,
                    help: {
                        variables.contains($0)
                            ? "rows are evaluated before variables; use the column in the variable instead" : nil
                    })
                reported.formUnion(Set(expressions.flatMap(\.variables)).subtracting(known))
                known.insert(column.name)
            }
        }
        known = outside.union(data.rows.flatMap { $0.map(\.name) })
    }

    private mutating func check(_ steps: [Step]) {
        for step in steps {
            self.steps.insert(step.id)
            switch step.action {
            case .sleep: continue
            case .parallel(let steps):
                // Parallel steps cannot use each other's captures.
                let before = known
                for inner in steps {
                    var branch = self
                    branch.known = before
                    branch.check([inner])
                    diagnostics = branch.diagnostics
                    used = branch.used
                }
            case .group(let steps): check(steps)
            case .call(let call):
                check(call.parameters.flatMap(\.value.expressions), at: step.range)
            case .request(let request):
                for (template, range) in audit.templates(for: step.id) { check(template.expressions, at: range) }
                check(request)
            }
            known.formUnion(step.definedVariables)
        }
    }

    private mutating func check(_ request: RequestStep) {
        check(request.request.expressions, at: request.request.range)
        for limit in request.within { checkBegun(limit.step, at: limit.range) }
        if case .poll(let poll) = request.repetition { check(poll.until) }
        // An expectation may use its own step's captures, unless the step has several responses: only the last one is
        // captured from.
        let captured = request.captures.map(\.name)
        if case .once = request.repetition { known.formUnion(captured) }
        check(request.expectation)
        known.formUnion(captured)
        for assertion in request.groupExpectation.assertions {
            check(assertion.query, at: assertion.conditions.first?.range)
            for condition in assertion.conditions {
                let part = GroupExpectation(assertions: [.init(query: assertion.query, conditions: [condition])])
                check(part.expressions, at: condition.range)
            }
        }
    }

    private mutating func check(_ expectation: Expectation) {
        for assertion in expectation.assertions {
            check(assertion.query, at: assertion.matcher.conditions.first?.range)
            for condition in assertion.matcher.conditions {
                check(condition.operand.expressions, at: condition.range)
            }
        }
    }

    private mutating func check(_ query: Query, at range: Range<Int>?) {
        guard case .since(let step) = query, let range else { return }
        checkBegun(step, at: range)
    }

    /// A time can only be measured from a step that has started.
    private mutating func checkBegun(_ step: String, at range: Range<Int>) {
        guard !steps.contains(step) else { return }
        diagnostics.append(
            Diagnostic(
                .invalidValue, "there is no step \"\(step)\" at or before this one", in: file, at: range,
                help: Suggestion.help(for: step, among: steps.sorted())))
    }

    private mutating func check(
        _ expressions: [Expression], at range: Range<Int>, help: (_ name: String) -> String? = { _ in nil }
    ) {
        let names = Set(expressions.flatMap(\.variables))
        used.formUnion(names)
        for name in names.subtracting(known).sorted() {
            let diagnostic = Diagnostic(
                .undefinedVariable, "the variable \"\(name)\" is not defined at this point", in: file,
                at: place(of: name, within: range),
                help: help(name) ?? Suggestion.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
                    ?? "declare it under \"variables\", capture it in an earlier step, or pass --variable \(name)=…")
            // The templates of an audit are checked at each of its steps.
            if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
        }
    }

    /// The first occurrence of the name inside `{{…}}` within a range.
    private func place(of name: String, within range: Range<Int>) -> Range<Int> {
        // A variable's range is only its key; the value follows it.
        let wide = range.lowerBound..<max(range.upperBound, min(file.bytes.count, range.upperBound + 2_000))
        let needle = Array(name.utf8)
        var isInside = false
        var offset = wide.lowerBound
        while offset < wide.upperBound {
            let rest = file.bytes[offset..<wide.upperBound]
            if rest.starts(with: "{{".utf8) {
                isInside = true
                offset += 2
            } else if rest.starts(with: "}}".utf8) {
                isInside = false
                offset += 2
            } else if isInside, rest.starts(with: needle), !Self.continuesName(rest.dropFirst(needle.count).first) {
                return offset..<offset + needle.count
            } else {
                offset += 1
            }
        }
        return range
    }

    private static func continuesName(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte == UInt8(ascii: "_") || byte >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension RequestTemplate {
    /// Every expression in the request.
    package var expressions: [Expression] {
        var result = method.expressions + url.expressions
        result += query.flatMap(\.value.expressions) + headers.flatMap(\.value.expressions)
        switch authorization {
        case .bearer(let token): result += token.expressions
        case .basic(let username, let password): result += username.expressions + password.expressions
        case nil: break
        }
        switch body {
        case .form(let fields): result += fields.flatMap(\.value.expressions)
        case .json(let value): result += value.expressions
        case .text(let text), .file(let text): result += text.expressions
        case .multipart(let parts):
            for part in parts {
                result += (part.filename?.expressions ?? []) + (part.contentType?.expressions ?? [])
                switch part.content {
                case .value(let value): result += value.expressions
                case .file(let path): result += path.expressions
                }
            }
        case nil: break
        }
        result += cookies.flatMap(\.value.expressions)
        return result
    }
}
