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
        for step in scenario.steps { checkKind(step) }
        checkStarts(scenario.teardown)
        for (step, request) in scenario.steps.flatMap(\.flattened) {
            check(step, request)
            if StepChecks(request, in: file).assertions.count > Verdict.widest {
                report(
                    "a step in load can have at most \(Verdict.widest) conditions and captures", at: step.idRange,
                    help: nil)
            }
        }
        if scenario.client.proxy != nil, (scenario.setup + scenario.teardown).isEmpty {
            report(
                "load uses \"proxy\" only for setup and teardown, and there are none",
                at: 0..<min(1, file.bytes.count), help: nil)
        }
        if scenario.client.httpVersion == "2" {
            report(
                "HTTP/2 is not supported in load, which speaks HTTP/1.1 to the server",
                at: 0..<min(1, file.bytes.count), help: nil)
        }
        if scenario.client.address == .each {
            report(
                "\"each\" is not supported in load, which keeps connections open between requests",
                at: 0..<min(1, file.bytes.count), help: "use \"own\", an address for each virtual user")
        }
        checkAudits(scenario)
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

    /// A branch is one step. A group runs as if its steps were written in its place.
    private mutating func checkKind(_ step: Step) {
        switch step.action {
        case .call: diagnostics.append(.unsupported(step, in: file))
        case .parallel(let branches):
            for branch in branches {
                switch branch.action {
                case .parallel, .group, .call: diagnostics.append(.unsupported(branch, in: file))
                case .request(let request): checkBranch(branch, request)
                case .sleep: break
                }
            }
        case .group(let steps):
            if step.repetitions != nil {
                report(
                    "a group with \"repeat\" is supported only in setup and teardown of a load", at: step.idRange,
                    help: "repeat the requests in it, or run the file with `gauntlet run`")
            }
            for inner in steps { checkKind(inner) }
        case .request, .sleep: break
        }
    }

    /// A burst needs connections of its own, as does each branch.
    private mutating func checkBranch(_ step: Step, _ request: RequestStep) {
        guard case .burst = request.repetition else { return }
        report("load does not support \"burst\" in a branch of \"parallel\"", at: step.idRange, help: nil)
    }

    private mutating func check(_ step: Step, _ request: RequestStep) {
        switch request.repetition {
        case .once, .repeat, .burst: break
        case .poll:
            report(
                "load supports \"poll\" only in setup and teardown", at: step.idRange,
                help: "use \"repeat\", or run the file with `gauntlet run`")
        }
        let options = request.request.options
        if request.retries > 0 || options.redirects > 0 || options.isCompressed {
            report(
                "load supports retries, redirects and compression only in setup and teardown",
                at: request.request.range,
                help: "load measures each exchange on its own")
        }
        checkTimes(request.expectation)
        if let limit = request.within.first {
            report("load supports \"within\" only in setup and teardown", at: limit.range, help: nil)
        }
        if let condition = request.groupExpectation.assertions.first?.conditions.first {
            report(
                "load supports \"expectAll\" only in setup and teardown", at: condition.range,
                help: "use \"expect\", which is checked on every response, or classes")
        }
    }

    /// Teardown runs on its own, so it cannot tell how much time has passed since a step outside of it started.
    private mutating func checkStarts(_ teardown: [Step]) {
        let ids = Set(teardown.flatMap(\.ids))
        for (_, request) in teardown.flatMap(\.flattened) {
            var ranges = request.within.filter { !ids.contains($0.step) }.map(\.range)
            var uses = request.expectation.assertions.map { ($0.query, $0.matcher.conditions.map(\.range)) }
            if case .poll(let poll) = request.repetition {
                uses += poll.until.assertions.map { ($0.query, $0.matcher.conditions.map(\.range)) }
            }
            uses += request.groupExpectation.assertions.map { ($0.query, $0.conditions.map(\.range)) }
            for case (.since(let step), let conditions) in uses where !ids.contains(step) { ranges += conditions }
            for range in ranges {
                report("teardown in load cannot refer to the start of a step outside of teardown", at: range, help: nil)
            }
        }
    }

    /// Only the requests of `steps` are recorded. If the limiter counts others too, a denial may look wrong.
    private mutating func checkAudits(_ scenario: Scenario) {
        let others = Set((scenario.setup + scenario.teardown).flatMap(\.ids))
        for limit in scenario.audit.rateLimits {
            guard let step = limit.steps.first(where: others.contains) else { continue }
            report(
                "the audit of a rate limit in load covers only requests of \"steps\", and \"\(step)\" is not one of them",
                at: limit.range, help: "move the step to \"steps\", or leave it out of the audit")
        }
    }

    private mutating func checkTimes(_ expectation: Expectation) {
        for assertion in expectation.assertions {
            switch assertion.query {
            case .phase, .since:
                guard let condition = assertion.matcher.conditions.first else { continue }
                report(
                    "load supports \"phases\" and \"since\" only in setup and teardown", at: condition.range,
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
    /// An error about a step of a load's `steps`.
    static func unsupported(_ step: Step, in file: SourceFile) -> Diagnostic {
        Diagnostic(
            .unsupported, "step \"\(step.id)\" has a kind that load supports only in setup and teardown", in: file,
            at: step.idRange,
            help:
                "\"steps\" in load may contain requests, \"sleep\", groups and \"parallel\", but not within \"parallel\""
        )
    }
}

extension Step {
    /// Its own id and those of steps in it.
    fileprivate var ids: [String] {
        switch action {
        case .parallel(let steps), .group(let steps): [id] + steps.flatMap(\.ids)
        case .request, .sleep, .call: [id]
        }
    }

    /// The requests in the step, each with its step.
    fileprivate var flattened: [(Step, RequestStep)] {
        switch action {
        case .request(let request): [(self, request)]
        case .parallel(let steps), .group(let steps): steps.flatMap(\.flattened)
        case .sleep, .call: []
        }
    }
}
