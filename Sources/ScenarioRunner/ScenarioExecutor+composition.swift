import Scenario
import Synchronization

// Steps made of steps.
extension ScenarioExecutor {
    /// Runs steps at once, each on a thread and a connection of its own. What they capture is there when all are done.
    func parallel(_ steps: [Step], _ phase: StepResult.Phase) -> [StepResult] {
        let branches = Mutex(
            [(results: [StepResult], scope: Scope, secrets: Secrets)?](repeating: nil, count: steps.count))
        let (scenario, settings, cookies) = (scenario, client.settings, client.cookies)
        let (scope, secrets, limits, onRequests) = (scope, secrets, limits, onRequests)
        let isTearingDown = isTearingDown
        Threads.runAndWait(steps.count) { index in
            let branch = ScenarioExecutor(
                scenario, client: HTTPClient(settings, cookies: cookies), scope: scope, secrets: secrets,
                limits: limits, onRequests: onRequests)
            branch.isTearingDown = isTearingDown
            let results = branch.run(steps[index], phase)
            branches.withLock { $0[index] = (results, branch.scope, branch.secrets) }
        }
        var results: [StepResult] = []
        for (step, branch) in zip(steps, branches.withLock { $0 }) {
            guard let branch else { continue }
            results += branch.results
            self.secrets.formUnion(branch.secrets)
            for name in step.definedVariables { self.scope.variables[name] = branch.scope.variables[name] }
        }
        return results
    }

    /// Runs another file's steps on this one's connection, with variables of their own.
    func call(_ call: CallStep, in step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        do throws(Interruption) {
            let executor = nested(call.scenario, client: client, scope: try scope(of: call))
            let results = executor.runPhases()
            secrets.formUnion(executor.secrets)
            for output in call.outputs { scope.variables[output] = executor.scope.variables[output] }
            return results.map { result in
                var result = result
                result.id = "\(step.id)/\(result.id)"
                result.phase = phase
                // In this file, it is the call that stands for them.
                result.range = step.range
                return result
            }
        } catch {
            var progress = StepProgress(step, phase, in: scenario.file)
            progress.interrupt(error)
            return [progress.finished()]
        }
    }

    private func scope(of call: CallStep) throws(Interruption) -> Scope {
        var parameters: [String: JSON] = [:]
        do throws(TemplateError) {
            for parameter in call.parameters { parameters[parameter.name] = try parameter.value.render(scope) }
        } catch {
            throw .rendering(error, call.range)
        }
        do throws(Diagnostic) {
            return try call.scenario.initialScope(parameters: parameters, context: scope.context)
        } catch {
            throw .unstarted(error)
        }
    }
}
