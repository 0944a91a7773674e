import Scenario
import Synchronization

// Steps that contain other steps: groups, parallel steps, calls, and their repetition.
extension ScenarioExecutor {
    /// Runs steps one after another.
    ///
    /// Once a step has failed, the rest is skipped: it usually depends on that step and would fail for the same reason.
    /// A teardown goes on, to remove what the scenario created.
    ///
    /// - Parameter earlier: the results of the steps before these.
    func inOrder(_ steps: [Step], _ phase: StepResult.Phase, after earlier: [StepResult] = []) -> [StepResult] {
        var results: [StepResult] = []
        var isStopped = earlier.contains(where: \.endsScenario)
        for step in steps {
            let isSkipped = phase != .teardown && (isStopped || isAbandoned)
            let latest = isSkipped ? skipped(step, phase) : run(step, phase)
            isStopped = isStopped || latest.contains(where: \.endsScenario)
            results += latest
        }
        return results
    }

    /// Runs a step that contains steps several times, up to the first failure. The ids of the results have the number of
    /// the repetition, from 1: `round 3/read`.
    func repeated(_ step: Step, count: Int, _ phase: StepResult.Phase) -> [StepResult] {
        var results: [StepResult] = []
        for number in 1...count {
            var repetition = step
            repetition.id = "\(step.id) \(number)"
            var latest = runOnce(repetition, phase)
            // The results of a call have the id of its step already.
            if case .call = step.action {
            } else {
                for index in latest.indices { latest[index].id = "\(repetition.id)/\(latest[index].id)" }
            }
            results += latest
            if isAbandoned || latest.contains(where: \.endsScenario) { break }
        }
        return results
    }

    /// Runs steps at the same time, each on its own thread and connection.
    ///
    /// Captured values and cookies become visible when all branches have finished. When one branch fails, the others
    /// stop waiting: their polls and pauses end.
    func parallel(_ steps: [Step], _ phase: StepResult.Phase) -> [StepResult] {
        let branches = Mutex(
            [(results: [StepResult], scope: Scope, secrets: Secrets, cookies: [String])?](
                repeating: nil, count: steps.count))
        let (scenario, settings, cookies) = (scenario, client.settings, client.cookies)
        let (addresses, calls, starts) = (client.addresses, calls, starts)
        let (scope, secrets, limits, onRequests) = (scope, secrets, limits, onRequests)
        let (audits, trace) = (audits, trace)
        let isTearingDown = isTearingDown
        let hasFailed = StopFlag()
        let neighbours = neighbours + [hasFailed]
        Threads.runAndWait(steps.count) { index in
            let branch = ScenarioExecutor(
                scenario, client: HTTPClient(settings, cookies: cookies, addresses: addresses), calls: calls,
                scope: scope, secrets: secrets, limits: limits, audits: audits, trace: trace,
                onRequests: onRequests)
            branch.starts = starts
            branch.isTearingDown = isTearingDown
            branch.neighbours = neighbours
            let results = branch.run(steps[index], phase)
            if results.contains(where: { $0.outcome > .skipped }) { hasFailed.set() }
            let set = branch.client.cookies.filter { !cookies.contains($0) }
            branches.withLock { $0[index] = (results, branch.scope, branch.secrets, set) }
        }
        var results: [StepResult] = []
        for (step, branch) in zip(steps, branches.withLock { $0 }) {
            guard let branch else { continue }
            results += branch.results
            self.secrets.formUnion(additionsOf: branch.secrets)
            client.add(cookies: branch.cookies)
            for name in step.definedVariables { self.scope.variables[name] = branch.scope.variables[name] }
        }
        return results
    }

    /// Runs another file's steps on this file's connection, with separate variables.
    func call(_ call: CallStep, in step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        var progress = StepProgress(step, phase, in: scenario.file)
        do throws(Interruption) {
            let parameters = try parameters(of: call)
            let scope = try scope(of: call, parameters)
            var isOurs = true
            let outcome =
                call.isOnce
                ? calls.outcome(of: call, parameters, isOurs: &isOurs) { perform(call, scope) } : perform(call, scope)
            secrets.formUnion(additionsOf: outcome.secrets)
            for output in call.outputs { self.scope.variables[output] = outcome.variables[output] }
            // The scenario that made a shared call reports its steps. Repeat them only if they are why this step cannot
            // go on.
            guard isOurs || outcome.results.contains(where: \.endsScenario) else {
                return [progress.finished()]
            }
            return outcome.results.map { result in
                var result = result
                result.id = "\(step.id)/\(result.id)"
                result.phase = phase
                // Diagnostics point at the call, since the steps are not in this file.
                result.range = step.range
                return result
            }
        } catch {
            progress.interrupt(error)
            return [progress.finished()]
        }
    }

    private func perform(_ call: CallStep, _ scope: Scope) -> CallOutcome {
        let executor = nested(call.scenario, client: client, scope: scope)
        // Other scenarios wait for a shared call, so a failure in this one must not end it.
        if call.isOnce { executor.neighbours = [] }
        let results = executor.runPhases()
        return CallOutcome(results: results, variables: executor.scope.variables, secrets: executor.secrets)
    }

    private func parameters(of call: CallStep) throws(Interruption) -> [String: JSON] {
        do throws(TemplateError) { return try scope.parameters(of: call, in: scenario) } catch {
            throw .rendering(error, call.range)
        }
    }

    private func scope(of call: CallStep, _ parameters: [String: JSON]) throws(Interruption) -> Scope {
        do throws(Diagnostic) {
            return try call.scenario.initialScope(parameters: parameters, context: scope.context)
        } catch {
            throw .unstarted(error)
        }
    }
}
