import Scenario

extension LoadPlan {
    /// Compiles a scenario's steps. Constant requests become bytes; others become templates, rendered per user or in
    /// every iteration.
    ///
    /// - Parameters:
    ///   - users: the users' own variables, by number; empty if they share everything.
    ///   - cookies: the cookies from setup: one jar per user, or one shared by all.
    ///   - scope: the variables that users share, constant from now on.
    ///   - secrets: values that no output may show.
    /// - Throws: a diagnostic at a request that cannot be rendered or sent.
    init(
        _ scenario: Scenario, target: LoadTarget, scope: RunScope, users: [UserVariables], cookies: [CookieJar],
        secrets: Secrets
    ) throws(Diagnostic) {
        var compiler = PlanCompiler(
            scenario, target: target, scope: scope, secrets: secrets, sample: users.first?.values ?? [:],
            own: Set(users.flatMap(\.values.keys)).union(scenario.capturedUnderLoad))
        for step in scenario.steps { try compiler.add(step) }
        self.init(
            target: target.address, tls: target.tls, steps: compiler.steps, classes: scenario.load.classes.map(\.name),
            judge: ScenarioJudge(
                steps: compiler.checks, classes: compiler.classes, scope: scope, secrets: compiler.secrets),
            userVariables: users)
        self.cookies = cookies
        sources = scope
        waitsWhenDenied = scenario.load.waitsWhenDenied
    }
}

extension Scenario {
    /// The names that its steps capture. Each virtual user has its own values of them.
    var capturedUnderLoad: Set<String> {
        steps.flatMap(\.requests).reduce(into: []) { $0.formUnion($1.captures.map(\.name)) }
    }
}

extension Step {
    /// The requests in the step, including those in branches.
    var requests: [RequestStep] {
        switch action {
        case .request(let request): [request]
        case .parallel(let steps), .group(let steps): steps.flatMap(\.requests)
        case .sleep, .call: []
        }
    }
}

/// Compiles a scenario's steps into a plan's, one at a time.
private struct PlanCompiler {
    let classes: [Expectation]
    private(set) var steps: [PlannedStep] = []
    private(set) var checks: [StepChecks?] = []
    let secrets: RunSecrets
    private let file: SourceFile
    /// The same file with its secrets masked.
    private let shownFile: SourceFile
    private let target: LoadTarget
    private let scope: RunScope
    /// The first user's variables, used to try requests before the run.
    private let sample: UserVariables.Values
    /// Names of variables that are not the same for all users in all iterations.
    private let own: Set<String>
    private var captured: Set<String> = []

    init(
        _ scenario: Scenario, target: LoadTarget, scope: RunScope, secrets: Secrets, sample: UserVariables.Values,
        own: Set<String>
    ) {
        classes = scenario.load.classes.map(\.expectation)
        file = scenario.file
        shownFile = secrets.redact(scenario.file)
        self.target = target
        self.scope = scope
        self.secrets = RunSecrets(secrets, requests: scenario.steps.flatMap(\.requests))
        self.sample = sample
        self.own = own
    }

    mutating func add(_ step: Step) throws(Diagnostic) {
        switch step.action {
        case .sleep(let time):
            append(PlannedStep(id: step.id, action: .pause(Nanoseconds(time))))
        case .request(let request):
            let checks = StepChecks(request, classes: classes, in: shownFile, own: own)
            let all = classes + [request.expectation]
            var planned = PlannedStep(
                id: step.id, action: .exchange(try plan(request.request)), repeats: request.repetition.count,
                assertions: checks.assertions,
                interest: HeaderInterest(
                    all.flatMap(\.headerNames) + request.captures.compactMap(\.query.headerName)),
                isMemoisable: checks.isConstant && !all.contains(where: \.asksForTime),
                captures: !request.captures.isEmpty)
            planned.compiledChecks = CompiledChecks(checks, classes: classes, own: own, scope: scope.constant)
            if case .burst(let count, let concurrency) = request.repetition {
                append(PlannedStep(id: step.id, action: .burst(count: count, connections: min(count, concurrency))))
            }
            append(planned, checks)
            captured.formUnion(request.captures.map(\.name))
        case .parallel(let branches):
            append(
                PlannedStep(
                    id: step.id, action: .parallel(count: branches.count), repeats: step.repetitions ?? 1))
            for branch in branches { try add(branch) }
        case .group(let steps): for inner in steps { try add(inner) }
        case .call:
            throw .unsupported(step, in: file)
        }
    }

    private mutating func append(_ step: PlannedStep, _ checks: StepChecks? = nil) {
        steps.append(step)
        self.checks.append(checks)
    }

    /// Renders a request that is constant, and tries any other, so that its errors appear before the run. A request
    /// that uses a value still to be captured can only be tried during the load.
    private func plan(_ template: RequestTemplate) throws(Diagnostic) -> PlannedRequest {
        let isPure = template.expressions.allSatisfy(\.isPure)
        let names = template.expressions.reduce(into: Set<String>()) { $0.formUnion($1.variables) }
        let renderer = ScenarioRenderer(template: template, target: target, scope: scope, secrets: secrets)
        let method = template.method.constantText ?? ""
        var planned: PlannedRequest
        if names.isDisjoint(with: captured) {
            let (request, bytes) = try template.bytes(in: file, target: target, scope: scope.trial(sample))
            planned = PlannedRequest(
                bytes: !isPure
                    ? .rendered(renderer) : names.isDisjoint(with: own) ? .constant(bytes) : .perUser(renderer),
                isBodiless: request.method == "HEAD", isIdempotent: Request.isIdempotent(method),
                timeout: request.options.timeout, bodyLimit: request.options.maxBody)
        } else {
            planned = PlannedRequest(
                bytes: isPure ? .perUser(renderer) : .rendered(renderer), isBodiless: method == "HEAD",
                isIdempotent: Request.isIdempotent(method), timeout: template.options.timeout,
                bodyLimit: template.options.maxBody)
        }
        if case .constant = planned.bytes { return planned }
        planned.compiled = CompiledRequest(template, target: target, own: own, scope: scope.trial(sample))
        return planned
    }
}

extension RequestTemplate {
    /// Renders the request and converts it to the bytes to send.
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
