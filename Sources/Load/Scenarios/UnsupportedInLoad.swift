import Scenario

/// Everything in a scenario that load does not support, reported all together before anything is sent.
struct UnsupportedInLoad {
    private let file: SourceFile
    private(set) var diagnostics: [Diagnostic] = []

    static func check(_ scenario: Scenario) -> [Diagnostic] {
        var checker = UnsupportedInLoad(file: scenario.file)
        checker.check(scenario)
        return checker.diagnostics
    }

    private init(file: SourceFile) { self.file = file }

    private mutating func check(_ scenario: Scenario) {
        for step in scenario.setup + scenario.teardown {
            if case .parallel = step.action { diagnostics.append(.unsupported(step, in: file)) }
        }
        for step in scenario.setup + scenario.steps + scenario.teardown {
            if case .call = step.action { diagnostics.append(.unsupported(step, in: file)) }
        }
        for step in scenario.steps { checkBranches(step) }
        for step in scenario.setup + scenario.teardown {
            if case .request(let request) = step.action { checkOnce(step, request) }
        }
        for (step, request) in scenario.steps.flatMap(\.flattened) {
            checkOnce(step, request)
            if StepChecks(request, in: file).assertions.count > Verdict.widest {
                report(
                    "a step in load can have at most \(Verdict.widest) conditions and captures", at: step.idRange,
                    help: nil)
            }
        }
        if scenario.client.proxy != nil || scenario.client.httpVersion == "2" {
            report(
                "\"proxy\" and HTTP/2 are not supported in load, which speaks HTTP/1.1 to the server",
                at: 0..<min(1, file.bytes.count), help: nil)
        }
        if scenario.client.address == .each {
            report(
                "\"each\" is not supported in load, which keeps connections open between requests",
                at: 0..<min(1, file.bytes.count), help: "use \"own\", an address for each virtual user")
        }
        if scenario.steps.allSatisfy(\.requests.isEmpty) {
            report("load needs at least one request in \"steps\"", at: 0..<min(1, file.bytes.count), help: nil)
        }
        for responseClass in scenario.load.classes {
            for assertion in responseClass.expectation.assertions {
                guard !assertion.matcher.expressions.allSatisfy(\.isPure),
                    let condition = assertion.matcher.conditions.first
                else { continue }
                report("a value that a class expects cannot differ between iterations", at: condition.range, help: nil)
            }
            checkTimes(responseClass.expectation)
        }
        if scenario.load.classes.count > Verdict.widest {
            report("load supports at most \(Verdict.widest) classes", at: 0..<min(1, file.bytes.count), help: nil)
        }
    }

    private mutating func checkBranches(_ step: Step) {
        guard case .parallel(let branches) = step.action else { return }
        for branch in branches {
            switch branch.action {
            case .parallel, .call: diagnostics.append(.unsupported(branch, in: file))
            case .request, .sleep: break
            }
        }
    }

    private mutating func checkOnce(_ step: Step, _ request: RequestStep) {
        switch request.repetition {
        case .once, .repeat: break
        case .burst, .poll:
            report(
                "\"burst\" and \"poll\" are not supported in load", at: step.idRange,
                help: "use \"repeat\", or run the file with `gauntlet run`")
        }
        let options = request.request.options
        if request.retries > 0 || options.redirects > 0 || options.isCompressed {
            report(
                "retries, redirects and compression are not supported in load", at: request.request.range,
                help: "load measures each exchange on its own")
        }
        checkTimes(request.expectation)
        if let limit = request.within.first {
            report("\"within\" is not supported in load", at: limit.range, help: nil)
        }
        if let condition = request.groupExpectation.assertions.first?.conditions.first {
            report(
                "\"expectAll\" is not supported in load", at: condition.range,
                help: "use \"expect\", which is checked on every response, or classes")
        }
    }

    private mutating func checkTimes(_ expectation: Expectation) {
        for assertion in expectation.assertions {
            switch assertion.query {
            case .phase, .since:
                guard let condition = assertion.matcher.conditions.first else { continue }
                report(
                    "\"phases\" and \"since\" are not supported in load", at: condition.range,
                    help: "use \"time\", or a threshold on response times")
            case .status, .header, .json, .body, .bytes, .time, .cookie, .httpVersion: break
            }
        }
    }

    private mutating func report(_ message: String, at range: Range<Int>, help: String?) {
        diagnostics.append(Diagnostic(.unsupported, message, in: file, at: range, help: help))
    }
}

extension Diagnostic {
    static func unsupported(_ step: Step, in file: SourceFile) -> Diagnostic {
        Diagnostic(
            .unsupported, "step \"\(step.id)\" has a kind that is not supported in load", in: file, at: step.idRange,
            help: "load supports requests, \"repeat\", \"sleep\", and \"parallel\" at the top level of \"steps\"")
    }
}

extension Step {
    /// The requests in the step, each with its step.
    fileprivate var flattened: [(Step, RequestStep)] {
        switch action {
        case .request(let request): [(self, request)]
        case .parallel(let steps): steps.flatMap(\.flattened)
        case .sleep, .call: []
        }
    }
}
