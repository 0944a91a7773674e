import ArgumentParser
import ProbeRunner
import Scenario
import ScenarioRunner

extension TargetOptions {
    /// Reads the scenario of a probe.
    ///
    /// - Parameter client: overrides what the file says.
    func probeSession(
        _ path: String, _ base: BaseURL, _ client: ClientOptions, until stopFlag: StopFlag
    ) throws -> ProbeSession {
        let variables = try variables()
        let scenarios = try read([path], variables)
        guard let scenario = scenarios.first, scenarios.count == 1 else {
            throw ValidationError("\(path): probe takes exactly one scenario")
        }
        try checkEnvironment(isIn: scenarios)
        return ProbeSession(
            scenario, base: base, client: scenario.client.overridden(by: client), variables: variables,
            environment: environment, stopFlag: stopFlag)
    }
}
