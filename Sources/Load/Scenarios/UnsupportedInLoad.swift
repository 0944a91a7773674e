import Scenario

/// What a scenario may say and load cannot do: told before anything is sent, all of it at once.
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
                    "a step under load has at most \(Verdict.widest) conditions and captures", at: step.idRange,
                    help: nil)
            }
        }
        if scenario.client.proxy != nil || scenario.client.httpVersion == "2" {
            report(
                "load speaks HTTP/1.1 to the server itself: it knows neither \"proxy\" nor HTTP/2",
                at: 0..<min(1, file.bytes.count), help: nil)
        }
        if scenario.client.address == .each {
            report(
                "an address for each request would need a connection for each, which load keeps open",
                at: 0..<min(1, file.bytes.count), help: "use \"own\", an address for each virtual user")
        }
        if scenario.steps.allSatisfy(\.requests.isEmpty) {
            report("there is no request to make load with", at: 0..<min(1, file.bytes.count), help: nil)
        }
        for responseClass in scenario.load.classes {
            for assertion in responseClass.expectation.assertions {
                guard !assertion.matcher.expressions.allSatisfy(\.isPure),
                    let condition = assertion.matcher.conditions.first
                else { continue }
                report("what a class asks for cannot change from turn to turn", at: condition.range, help: nil)
            }
            checkTimes(responseClass.expectation)
        }
        if scenario.load.classes.count > Verdict.widest {
            report("there are at most \(Verdict.widest) classes", at: 0..<min(1, file.bytes.count), help: nil)
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
                "a burst or a poll is not supported under load", at: step.idRange,
                help: "use \"repeat\", or run the file with `gauntlet run`")
        }
        let options = request.request.options
        if request.retries > 0 || options.redirects > 0 || options.isCompressed {
            report(
                "retries, redirects and compression are not supported under load", at: request.request.range,
                help: "load measures each exchange by itself")
        }
        checkTimes(request.expectation)
        if let limit = request.within.first {
            report("\"within\" is not supported under load", at: limit.range, help: nil)
        }
        if let condition = request.groupExpectation.assertions.first?.conditions.first {
            report(
                "\"expectAll\" is not supported under load", at: condition.range,
                help: "use \"expect\", which holds for every response, and classes")
        }
    }

    private mutating func checkTimes(_ expectation: Expectation) {
        for assertion in expectation.assertions {
            switch assertion.query {
            case .phase, .since:
                guard let condition = assertion.matcher.conditions.first else { continue }
                report(
                    "\"phases\" and \"since\" are not supported under load", at: condition.range,
                    help: "use \"time\", or thresholds on the times of all")
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
            .unsupported, "the step \"\(step.id)\" is of a kind that load does not know", in: file, at: step.idRange,
            help: "load knows requests, \"repeat\", \"sleep\", and \"parallel\" among the steps of an iteration")
    }
}

extension Step {
    /// The steps in it that are requests.
    fileprivate var flattened: [(Step, RequestStep)] {
        switch action {
        case .request(let request): [(self, request)]
        case .parallel(let steps): steps.flatMap(\.flattened)
        case .sleep, .call: []
        }
    }
}
