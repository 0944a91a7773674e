import Scenario

/// Judges responses by a scenario's expectations and classes.
struct ScenarioJudge: ResponseJudge {
    /// For each step of the plan; nil for a pause.
    let steps: [StepChecks?]
    let classes: [Expectation]
    let scope: RunScope
    let secrets: Secrets
    /// The header fields that some check asks for; no other is taken out of the head.
    private let interest: HeaderInterest

    init(steps: [StepChecks?], classes: [Expectation], scope: RunScope, secrets: Secrets) {
        self.steps = steps
        self.classes = classes
        self.scope = scope
        self.secrets = secrets
        interest = HeaderInterest((classes + steps.compactMap { $0?.expectation }).flatMap(\.headerNames))
    }

    func judge(_ response: borrowing ReceivedResponse, step: Int, turn: Turn) -> Verdict {
        guard let checks = steps[step] else { return Verdict() }
        let scope = checks.isConstant ? scope.constant : scope.scope(for: turn)
        var examined = ExaminedResponse(Response(response, headers: interest))
        var verdict = Verdict()
        do throws(TemplateError) {
            for (index, expectation) in classes.enumerated()
            where try expectation.mismatches(of: &examined, in: scope).isEmpty {
                verdict.classes |= 1 << UInt64(index)
            }
            for mismatch in try checks.expectation.mismatches(of: &examined, in: scope) {
                verdict.failures |= 1 << UInt64(checks.assertion(of: mismatch))
            }
        } catch {
            // An expected value that cannot be rendered is met by nothing.
            for index in checks.conditions.indices { verdict.failures |= 1 << UInt64(index) }
        }
        return verdict
    }

    func explain(_ response: borrowing ReceivedResponse, step: Int, turn: Turn, assertion: Int) -> String {
        guard let checks = steps[step] else { return "" }
        var examined = ExaminedResponse(Response(response, headers: interest))
        do throws(TemplateError) {
            let mismatches = try checks.expectation.mismatches(of: &examined, in: scope.scope(for: turn))
            let texts = mismatches.filter { checks.assertion(of: $0) == assertion }.map {
                "\($0.subject): expected \($0.expected), got \($0.actual)"
            }
            return secrets.redact(texts.first ?? "")
        } catch {
            return secrets.redact("the expected value cannot be rendered: \(error)")
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
