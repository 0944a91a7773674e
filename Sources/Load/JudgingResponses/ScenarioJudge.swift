import Scenario

/// Judges responses by a scenario's expectations and classes.
package struct ScenarioJudge: ResponseJudge {
    /// The checks of each step of the plan; nil for a step without responses.
    let steps: [StepChecks?]
    let classes: [Expectation]
    let scope: RunScope
    private let secrets: RunSecrets
    /// The header fields that some check uses. No others are extracted from the head.
    private let interest: HeaderInterest

    init(steps: [StepChecks?], classes: [Expectation], scope: RunScope, secrets: RunSecrets) {
        self.steps = steps
        self.classes = classes
        self.scope = scope
        self.secrets = secrets
        let checks = steps.compactMap(\.self)
        interest = HeaderInterest(
            (classes + checks.map(\.expectation)).flatMap(\.headerNames)
                + checks.flatMap(\.captures).compactMap(\.query.headerName))
    }

    /// Judges as in a load, but for a single user that every response belongs to.
    package init(_ scenario: Scenario, sources: TemplateSources, variables: [String: JSON]) {
        let requests = scenario.steps.flatMap(\.requests)
        let classes = scenario.load.classes.map(\.expectation)
        self.init(
            steps: requests.map {
                StepChecks($0, classes: classes, in: scenario.file, own: scenario.capturedUnderLoad)
            },
            classes: classes, scope: RunScope(variables: variables, sources: sources),
            secrets: RunSecrets(scenario.secrets(in: variables), requests: requests))
    }

    /// The number of assertions of a step, including its captures.
    package func assertionCount(ofStep step: Int) -> Int { steps[step]?.assertions.count ?? 0 }

    package func judge(
        _ response: borrowing ReceivedResponse, step: Int, iteration: UserIteration,
        captured: inout UserVariables.Values
    ) -> Verdict {
        guard let checks = steps[step] else { return Verdict() }
        var examined = ExaminedResponse(Response(response, headers: interest))
        var verdict = Verdict()
        for (index, capture) in checks.captures.enumerated() {
            if let value = capture.value(of: examined.observe(capture.query)) {
                captured[capture.name] = value
            } else {
                verdict.failures |= 1 << UInt64(checks.conditions.count + index)
            }
        }
        let scope = scope(of: checks, iteration, captured)
        for (index, expectation) in classes.enumerated() {
            // A response does not belong to a class whose expected value cannot be rendered.
            guard (try? expectation.holds(for: &examined, in: scope)) == true else { continue }
            verdict.classes |= 1 << UInt64(index)
        }
        checks.expectation.forEachFailure(of: &examined, in: scope) { condition in
            verdict.failures |= 1 << UInt64(checks.numbers[condition])
        }
        return verdict
    }

    /// The scope for the checks of one response. Assertions and classes may use values that the step has just captured
    /// from it.
    private func scope(of checks: StepChecks, _ iteration: UserIteration, _ captured: UserVariables.Values) -> Scope {
        guard !checks.isConstant else { return scope.constant }
        var iteration = iteration
        iteration.variables.merge(captured) { $1 }
        return scope.scope(for: iteration)
    }

    package func explain(_ response: borrowing ReceivedResponse, step: Int, iteration: UserIteration, assertion: Int)
        -> String
    {
        guard let checks = steps[step] else { return "" }
        var examined = ExaminedResponse(Response(response, headers: interest))
        var captured: UserVariables.Values = [:]
        for capture in checks.captures {
            captured[capture.name] = capture.value(of: examined.observe(capture.query))
        }
        let secrets = secrets.all(in: scope.scope(for: iteration), fresh: captured)
        guard assertion < checks.conditions.count else {
            let capture = checks.captures[assertion - checks.conditions.count]
            return "got \(ValueWords(hiding: secrets).text(of: examined.observe(capture.query)))"
        }
        do throws(TemplateError) {
            var scope = scope(of: checks, iteration, captured)
            scope.secrets = secrets
            let mismatch = try checks.expectation(ofAssertion: assertion).mismatches(of: &examined, in: scope).first
            guard let mismatch else { return "it failed, but passed when evaluated again for this example" }
            return secrets.redact(
                wording: "\(mismatch.subject): expected \(mismatch.expected), got \(mismatch.actual)")
        } catch {
            return secrets.redact(wording: "the expected value cannot be rendered: \(error)")
        }
    }
}

extension Response {
    /// - Parameter headers: the fields to extract; nil for all.
    init(_ received: borrowing ReceivedResponse, headers interest: HeaderInterest?) {
        let wantsHeaders = interest.map { !$0.isEmpty } ?? true
        self.init(
            status: received.status, httpVersion: received.isOldProtocol ? "1.0" : "1.1",
            headers: wantsHeaders ? received.fields(interest).map { Header($0.name, $0.value) } : [],
            body: received.body(),
            times: Times(total: .nanoseconds(Int64(clamping: received.serviceTime))))
    }
}
