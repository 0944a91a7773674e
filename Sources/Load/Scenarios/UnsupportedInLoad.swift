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
        for step in scenario.setup + scenario.steps + scenario.teardown {
            switch step.action {
            case .parallel, .call: diagnostics.append(.unsupported(step, in: file))
            case .request, .sleep: break
            }
        }
        for step in scenario.setup + scenario.teardown {
            if case .request(let request) = step.action { checkOnce(step, request) }
        }
        for step in scenario.steps {
            guard case .request(let request) = step.action else { continue }
            checkOnce(step, request)
            if let capture = request.captures.first {
                report(
                    "a step under load captures nothing", at: capture.range,
                    help: "capture in \"setup\": its values are the same for all virtual users")
            }
            if request.request.expressions.contains(where: \.counts) {
                report(
                    "counter() does not count under load", at: request.request.range,
                    help: "uuid(), iteration() and virtualUser() tell requests apart")
            }
            if StepChecks(request.expectation, in: file).conditions.count > Verdict.widest {
                report("a step under load has at most \(Verdict.widest) conditions", at: step.idRange, help: nil)
            }
        }
        if scenario.data != nil {
            report("\"data\" is not supported under load", at: 0..<min(1, file.bytes.count), help: nil)
        }
        var client = scenario.client
        client.address = nil
        if client != ClientOptions() {
            report(
                "of the \"client\" block, load knows \"address\" alone", at: 0..<min(1, file.bytes.count), help: nil)
        }
        if !scenario.steps.contains(where: { if case .request = $0.action { true } else { false } }) {
            report("there is no request to make load with", at: 0..<min(1, file.bytes.count), help: nil)
        }
        for responseClass in scenario.load.classes {
            for assertion in responseClass.expectation.assertions {
                guard !assertion.matcher.expressions.allSatisfy(\.isPure),
                    let condition = assertion.matcher.conditions.first
                else { continue }
                report("what a class asks for cannot change from turn to turn", at: condition.range, help: nil)
            }
        }
        if scenario.load.classes.count > Verdict.widest {
            report("there are at most \(Verdict.widest) classes", at: 0..<min(1, file.bytes.count), help: nil)
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
        if let condition = request.groupExpectation.assertions.first?.conditions.first {
            report(
                "\"expectAll\" is not supported under load", at: condition.range,
                help: "use \"expect\", which holds for every response, and classes")
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
            help: "load knows requests, \"repeat\" and \"sleep\"")
    }
}

extension Expression {
    /// Whether it calls counter(), which counts within one context and load has one for each turn.
    fileprivate var counts: Bool {
        switch self {
        case .literal, .variable: false
        case .call(let function, let arguments): function == .counter || arguments.contains(where: \.counts)
        }
    }
}
