import FoundationEssentials
import Scenario

/// Lists the requests that a run would send, without sending any.
///
/// A value that a response would provide is shown as `{{name}}`.
package struct DryRun: Sendable {
    package var base: BaseURL
    package var variables: [String: String] = [:]
    package var environment: [String: String] = [:]
    package var environmentBlock: String?
    /// Overrides the scenarios' own client options.
    package var client = ClientOptions()

    package init(base: BaseURL) { self.base = base }

    package struct Line: Sendable {
        package var step: String
        /// The request, with secrets masked; nil for a pause.
        package var exchange: Exchange?
        /// How the step is carried out: `once`, `3 times`, `burst of 20, 20 in flight`.
        package var manner: String
    }

    /// - Parameter row: the row of the scenario's data to run with.
    /// - Throws: a diagnostic that points at the part that cannot be rendered.
    package func lines(of scenario: Scenario, row: DataRows.Row = []) throws(Diagnostic) -> [Line] {
        let file = scenario.file
        let context = TemplateContext(
            environment: environment, now: { Date().timeIntervalSince1970 },
            readFile: { path in try FileReading.bytes(at: file.resolve(path)) })
        var given = variables
        for name in scenario.missingVariables(given: variables, environment: environment) {
            given[name] = "{{\(name)}}"
        }
        var scope: Scope
        do throws(Diagnostic) {
            scope = try scenario.initialScope(
                given: given, row: row, environment: environmentBlock, context: context)
        } catch {
            throw scenario.secrets(in: given.mapValues(JSON.string)).redact(error)
        }
        scope.secrets = base.secrets
        if let proxy = client.proxy { scope.secrets.insert(passwordIn: proxy) }
        do throws(Diagnostic) {
            return try lines(of: scenario, &scope).map { line in
                var line = line
                line.exchange?.client = scenario.client.overridden(by: client)
                line.exchange = line.exchange?.redacted(by: scope.secrets)
                return line
            }
        } catch {
            throw scope.secrets.redact(error)
        }
    }

    /// - Parameter scope: holds the caller's secrets; the file's own are added.
    private func lines(of scenario: Scenario, _ scope: inout Scope) throws(Diagnostic) -> [Line] {
        scope.secrets.formUnion(scenario.secrets(in: scope.variables))
        var result: [Line] = []
        for step in scenario.setup + scenario.steps + scenario.teardown {
            result += try lines(of: step, in: scenario, &scope)
        }
        return result
    }

    private func lines(of step: Step, in scenario: Scenario, _ scope: inout Scope) throws(Diagnostic) -> [Line] {
        let lines = try linesOfOneRun(of: step, in: scenario, &scope)
        guard let count = step.repetitions else { return lines }
        return lines.map { line in
            var line = line
            line.manner += ", in each of \(count) repetitions"
            return line
        }
    }

    private func linesOfOneRun(
        of step: Step, in scenario: Scenario, _ scope: inout Scope
    ) throws(Diagnostic) -> [Line] {
        defer { for name in step.definedVariables { scope.variables[name] = .string("{{\(name)}}") } }
        switch step.action {
        case .sleep(let duration): return [Line(step: step.id, manner: "pause of \(duration.shortText)")]
        case .parallel(let steps):
            var result: [Line] = []
            for inner in steps {
                result += try lines(of: inner, in: scenario, &scope).map { line in
                    var line = line
                    line.manner += ", in parallel"
                    return line
                }
            }
            return result
        case .group(let steps):
            var result: [Line] = []
            for inner in steps { result += try lines(of: inner, in: scenario, &scope) }
            return result
        case .call(let call):
            let parameters: [String: JSON]
            do throws(TemplateError) { parameters = try scope.parameters(of: call, in: scenario) } catch {
                throw Diagnostic(.rendering, "\(error)", in: scenario.file, at: call.range)
            }
            var inner = try call.scenario.initialScope(parameters: parameters, context: scope.context)
            inner.secrets = scope.secrets
            defer { scope.secrets = inner.secrets }
            return try lines(of: call.scenario, &inner).map { line in
                var line = line
                line.step = "\(step.id)/\(line.step)"
                return line
            }
        case .request(let request):
            let rendered: Request
            do throws(TemplateError) { rendered = try scope.request(request.request) } catch {
                throw Diagnostic(.rendering, "\(error)", in: scenario.file, at: request.request.range)
            }
            let exchange = Exchange(
                request: rendered, url: base.resolve(rendered.target),
                result: .failure(TransportError(.other, "not sent")), start: .now, duration: .zero)
            return [Line(step: step.id, exchange: exchange, manner: request.repetition.manner)]
        }
    }
}

extension RequestStep.Repetition {
    fileprivate var manner: String {
        switch self {
        case .once: "once"
        case .repeat(let count): "\(count) times"
        case .burst(let count, let concurrency): "burst of \(count), \(concurrency) in flight"
        case .poll(let poll): "every \(poll.interval.shortText) for up to \(poll.timeout.shortText)"
        }
    }
}
