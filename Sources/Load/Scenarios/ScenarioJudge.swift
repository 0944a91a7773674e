import Scenario

/// Judges responses by a scenario's expectations and classes.
struct ScenarioJudge: ResponseJudge {
    /// For each step of the plan; nil for a pause.
    let steps: [StepChecks?]
    let classes: [Expectation]
    let scope: RunScope
    let secrets: Secrets
    /// Whether some check asks for a header field; else the head is not taken apart.
    private let readsHeaders: Bool

    init(steps: [StepChecks?], classes: [Expectation], scope: RunScope, secrets: Secrets) {
        self.steps = steps
        self.classes = classes
        self.scope = scope
        self.secrets = secrets
        readsHeaders = (classes + steps.compactMap { $0?.expectation }).contains { !$0.headerNames.isEmpty }
    }

    func judge(_ response: borrowing ReceivedResponse, step: Int, turn: Turn) -> Verdict {
        guard let checks = steps[step] else { return Verdict() }
        let scope = checks.isConstant ? scope.constant : scope.scope(for: turn)
        var examined = ExaminedResponse(Response(response, withHeaders: readsHeaders))
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
        var examined = ExaminedResponse(Response(response, withHeaders: readsHeaders))
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
    init(_ received: borrowing ReceivedResponse, withHeaders: Bool) {
        self.init(
            status: received.status, httpVersion: received.isOldProtocol ? "1.0" : "1.1",
            headers: withHeaders ? received.fields().map { Header($0.name, $0.value) } : [], body: received.body(),
            times: Times(total: .nanoseconds(Int64(clamping: received.serviceTime))))
    }
}
