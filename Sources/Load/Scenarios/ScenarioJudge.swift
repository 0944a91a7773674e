import Scenario

/// Judges responses by a scenario's expectations and classes.
struct ScenarioJudge: ResponseJudge {
    /// For each step of the plan; nil for one without responses.
    let steps: [StepChecks?]
    let classes: [Expectation]
    let scope: RunScope
    private let secrets: RunSecrets
    /// The header fields that some check asks for; no other is taken out of the head.
    private let interest: HeaderInterest

    init(steps: [StepChecks?], classes: [Expectation], scope: RunScope, secrets: Secrets) {
        self.steps = steps
        self.classes = classes
        self.scope = scope
        self.secrets = RunSecrets(secrets, captures: steps.compactMap(\.self).flatMap(\.captures))
        let checks = steps.compactMap(\.self)
        interest = HeaderInterest(
            (classes + checks.map(\.expectation)).flatMap(\.headerNames)
                + checks.flatMap(\.captures).compactMap(\.query.headerName))
    }

    func judge(
        _ response: borrowing ReceivedResponse, step: Int, turn: Turn, captured: inout UserVariables.Values
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
        let scope = scope(of: checks, turn, captured)
        do throws(TemplateError) {
            for (index, expectation) in classes.enumerated()
            where try expectation.holds(for: &examined, in: scope) {
                verdict.classes |= 1 << UInt64(index)
            }
            try checks.expectation.forEachFailure(of: &examined, in: scope) { condition in
                verdict.failures |= 1 << UInt64(checks.numbers[condition])
            }
        } catch {
            // An expected value that cannot be rendered is met by nothing.
            for index in checks.conditions.indices { verdict.failures |= 1 << UInt64(index) }
        }
        return verdict
    }

    /// What the step captures may be expected at once.
    private func scope(of checks: StepChecks, _ turn: Turn, _ captured: UserVariables.Values) -> Scope {
        guard !checks.isConstant else { return scope.constant }
        var turn = turn
        turn.variables.merge(captured) { $1 }
        return scope.scope(for: turn)
    }

    func explain(_ response: borrowing ReceivedResponse, step: Int, turn: Turn, assertion: Int) -> String {
        guard let checks = steps[step] else { return "" }
        var examined = ExaminedResponse(Response(response, headers: interest))
        var captured: UserVariables.Values = [:]
        for capture in checks.captures {
            captured[capture.name] = capture.value(of: examined.observe(capture.query))
        }
        let secrets = secrets.all(turn.variables.merging(captured) { $1 })
        guard assertion < checks.conditions.count else {
            let capture = checks.captures[assertion - checks.conditions.count]
            return "got \(ValueWords(hiding: secrets).text(of: examined.observe(capture.query)))"
        }
        do throws(TemplateError) {
            var scope = scope(of: checks, turn, captured)
            scope.secrets = secrets
            let mismatches = try checks.expectation.mismatches(of: &examined, in: scope)
            let texts = mismatches.filter { checks.assertion(of: $0) == assertion }.map {
                "\($0.subject): expected \($0.expected), got \($0.actual)"
            }
            return secrets.redact(wording: texts.first ?? "")
        } catch {
            return secrets.redact(wording: "the expected value cannot be rendered: \(error)")
        }
    }
}

extension Response {
    /// - Parameter headers: the fields that are wanted; nil for all.
    init(_ received: borrowing ReceivedResponse, headers interest: HeaderInterest?) {
        let wantsHeaders = interest.map { !$0.isEmpty } ?? true
        self.init(
            status: received.status, httpVersion: received.isOldProtocol ? "1.0" : "1.1",
            headers: wantsHeaders ? received.fields(interest).map { Header($0.name, $0.value) } : [],
            body: received.body(),
            times: Times(total: .nanoseconds(Int64(clamping: received.serviceTime))))
    }
}
