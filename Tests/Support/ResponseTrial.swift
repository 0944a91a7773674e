import Scenario

/// Checks random responses against a scenario with random assertions, captures and templates.
///
/// Nothing may trap for any response, and all ways to judge a response must agree: whether it meets an expectation,
/// which conditions failed, and the mismatches reported.
package struct ResponseTrial {
    /// The scenario's text. `ScenarioText` generates valid scenarios only.
    package let text: String
    package let responses: [Response]
    /// Time from the start of the step to the end of each exchange.
    private let elapsed: [String: Duration]

    /// A violated rule.
    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter body: sent whole or in part; other bodies are generated.
    package init(body: [UInt8], random: inout some RandomNumberGenerator) {
        text = ScenarioText.random(using: &random)
        let count = Int.random(in: 1...5, using: &random)
        responses = (0..<count).map { _ in HostileResponse.random(body: body, using: &random) }
        elapsed = ["s": HostileResponse.duration(using: &random)]
    }

    package func run() throws {
        let file = SourceFile(path: "trial.json", bytes: Array(text.utf8))
        let scenario: Scenario
        do throws(InvalidFile) { scenario = try ScenarioReader.read(file) } catch {
            throw Broken(description: "the scenario is invalid: \(error.diagnostics.map(\.message))\n\(text)")
        }
        guard case .request(let step)? = scenario.steps.first?.action else { return }
        let context = TemplateContext(now: { 1_772_366_400 }, readFile: { _ in [] })
        var scope = Scope(variables: ["known": 1], context: context)
        var group = GroupAccumulator(step.groupExpectation)
        for response in responses {
            var examined = ExaminedResponse(response, elapsed: elapsed)
            capture(step.captures, from: &examined, &scope)
            try judge(&examined, by: step.expectation, in: scope, file)
            try? group.add(&examined, in: scope)
        }
        for mismatch in (try? group.mismatches(in: scope)) ?? [] { describe(mismatch, in: file) }
        for step in scenario.steps.dropFirst() {
            guard case .request(let next) = step.action else { continue }
            _ = try? next.request.render(scope)
        }
    }

    private func capture(_ captures: [Capture], from response: inout ExaminedResponse, _ scope: inout Scope) {
        for capture in captures {
            let observed = response.observe(capture.query)
            _ = ValueWords(hiding: scope.secrets).text(of: observed)
            guard let value = capture.value(of: observed) else { continue }
            scope.variables[capture.name] = value
            if capture.isSecret { scope.secrets.insert(value) }
        }
    }

    private func judge(
        _ response: inout ExaminedResponse, by expectation: Expectation, in scope: Scope, _ file: SourceFile
    ) throws {
        var failures: Set<Int> = []
        let mismatches: [Mismatch]
        let holds: Bool
        do throws(TemplateError) {
            mismatches = try expectation.mismatches(of: &response, in: scope)
            expectation.forEachFailure(of: &response, in: scope) { failures.insert($0) }
            holds = try expectation.holds(for: &response, in: scope)
        } catch {
            return _ = error.description
        }
        guard holds == mismatches.isEmpty, holds == failures.isEmpty else {
            throw Broken(
                description: "holds: \(holds), failed conditions: \(failures.sorted()), \(mismatches)\n\(text)")
        }
        for mismatch in mismatches { describe(mismatch, in: file) }
    }

    private func describe(_ mismatch: Mismatch, in file: SourceFile) {
        let diagnostic = Diagnostic(
            .assertion, "\(mismatch.subject) is not as expected", in: file, at: mismatch.range,
            notes: [.init("expected", mismatch.expected), .init("actual", mismatch.actual)])
        _ = DiagnosticRenderer(style: .plain).render(diagnostic)
    }
}
