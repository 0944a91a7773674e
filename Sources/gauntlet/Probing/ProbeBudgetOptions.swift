import ArgumentParser
import ProbeRunner
import Scenario
import ScenarioRunner

/// How much a probe may send, and to whom.
struct ProbeBudgetOptions: ParsableArguments {
    @Option(
        name: .customLong("budget"),
        help: ArgumentHelp("Maximum number of requests and time.", valueName: "requests/time"))
    private var text: String = "5000/10m"

    @Flag(help: "Probe a server that is neither on this machine nor in a private network.")
    var yes = false

    func validate() throws {
        guard ProbeBudget(parsing: text) != nil else {
            throw ValidationError("--budget \(text): expected REQUESTS/TIME, such as 5000/10m")
        }
    }

    var budget: ProbeBudget { ProbeBudget(parsing: text) ?? ProbeBudget() }

    /// Shows the budget before anything is sent.
    ///
    /// - Throws: a usage error if the server is public and nobody has said that it may be probed.
    func announce(for base: BaseURL) throws {
        let most = "at most \(budget.requests) requests in \(budget.time.shortText)"
        guard base.isPrivate || yes else {
            StandardError.write(
                "error: \(base.host) is neither on this machine nor in a private network; --yes confirms that you may send it \(most)"
            )
            throw ExitStatus.usage
        }
        StandardError.write("\(most); stops if the server answers 5xx")
    }
}
