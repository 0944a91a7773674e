import Scenario

extension LoadPlan {
    /// Compiles a scenario's steps: constant requests to bytes, others to templates that are rendered at every turn.
    ///
    /// - Parameters:
    ///   - scope: the variables after setup, constant from here on.
    ///   - secrets: what no output may show.
    /// - Throws: a diagnostic at a request that cannot be rendered or sent.
    init(_ scenario: Scenario, target: LoadTarget, scope: RunScope, secrets: Secrets) throws(Diagnostic) {
        let classes = scenario.load.classes.map(\.expectation)
        var steps: [PlannedStep] = []
        var checks: [StepChecks?] = []
        for step in scenario.steps {
            switch step.action {
            case .sleep(let time):
                steps.append(PlannedStep(id: step.id, action: .pause(Nanoseconds(time))))
                checks.append(nil)
            case .request(let request):
                let stepChecks = StepChecks(request.expectation, in: scenario.file)
                let all = classes + [request.expectation]
                steps.append(
                    PlannedStep(
                        id: step.id,
                        action: .exchange(
                            try Self.request(request.request, in: scenario.file, target: target, scope: scope)),
                        repeats: request.repetition.count, assertions: stepChecks.assertions,
                        interest: HeaderInterest(all.flatMap(\.headerNames)),
                        isMemoisable: stepChecks.isConstant && !all.contains(where: \.asksForTime)))
                checks.append(stepChecks)
            case .parallel, .call:
                throw .unsupported(step, in: scenario.file)
            }
        }
        self.init(
            target: target.address, steps: steps, classes: scenario.load.classes.map(\.name),
            judge: ScenarioJudge(steps: checks, classes: classes, scope: scope, secrets: secrets))
    }

    /// A request that is written once is rendered here; any other is tried here, so that what is wrong with it shows
    /// before the run.
    private static func request(
        _ template: RequestTemplate, in file: SourceFile, target: LoadTarget, scope: RunScope
    ) throws(Diagnostic) -> PlannedRequest {
        let (request, bytes) = try template.bytes(in: file, target: target, scope: scope.constant)
        let isConstant = template.expressions.allSatisfy(\.isPure)
        return PlannedRequest(
            bytes: isConstant
                ? .constant(bytes)
                : .rendered(ScenarioRenderer(template: template, target: target, scope: scope)),
            isBodiless: request.method == "HEAD", timeout: request.options.timeout)
    }
}

extension RequestTemplate {
    /// Renders the request, and what is sent of it.
    func bytes(
        in file: SourceFile, target: LoadTarget, scope: Scope
    ) throws(Diagnostic) -> (request: Request, bytes: [UInt8]) {
        do {
            let request = try render(scope)
            return (request, try request.bytes(to: target))
        } catch {
            throw Diagnostic(.rendering, "\(error)", in: file, at: range)
        }
    }
}
