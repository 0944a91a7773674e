import ArgumentParser
import Foundation
import Glibc
import Scenario
import ScenarioRunner

/// The server under test, the values of variables, and the block of "environments".
struct TargetOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Base URL of the server under test.", valueName: "url"))
    var baseURL: String?

    @Option(
        help: ArgumentHelp(
            "Start the server under test with this command, and stop it after the run.",
            discussion: """
                `{port}` is replaced with a free port. Without `{port}` and --base-url, the first URL that the \
                server prints is used. All processes of the command are stopped, even if gauntlet is killed or crashes.
                """, valueName: "command"))
    var serve: String?

    @Option(
        name: [.customShort("v"), .long],
        help: ArgumentHelp(
            "Set a variable. Overrides the environment variable GAUNTLET_VARIABLE_name.",
            valueName: "name=value"))
    var variable: [String] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("Use this block of the file's \"environments\".", valueName: "name"))
    var environment: String?

    /// Reads scenarios, and checks that they use the variables of the command line.
    func read(_ paths: [String], _ variables: [String: String]) throws -> [Scenario] {
        let scenarios = try ScenarioFiles.read(paths, variables: Set(variables.keys))
        try checkVariables(areIn: scenarios)
        return scenarios
    }

    /// - Throws: a usage error if none of the scenarios has the environment.
    func checkEnvironment(isIn scenarios: [Scenario]) throws {
        let known = Set(scenarios.flatMap(\.environments).map(\.name)).sorted()
        guard let environment, !known.contains(environment) else { return }
        let help = Suggestion.help(for: environment, among: known).map { "; \($0)" } ?? ""
        throw ValidationError("--env \(environment): no file has this environment\(help)")
    }

    /// Values of variables from outside; the command line overrides the environment.
    func variables() throws -> [String: String] {
        let prefix = "GAUNTLET_VARIABLE_"
        var result: [String: String] = [:]
        for (name, value) in ProcessInfo.processInfo.environment where name.hasPrefix(prefix) {
            result[String(name.dropFirst(prefix.count))] = value
        }
        for pair in variable {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw ValidationError("--variable \(pair): expected name=value")
            }
            result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        return result
    }

    /// - Throws: if the command line sets a variable that no scenario declares or uses. A typing error would otherwise
    ///   silently run the scenarios with another value.
    private func checkVariables(areIn scenarios: [Scenario]) throws {
        let known = scenarios.reduce(into: Set<String>()) { $0.formUnion($1.variableNames) }
        for pair in variable {
            let name = String(pair.prefix { $0 != "=" })
            guard !known.contains(name) else { continue }
            throw ValidationError(
                "--variable \(name): no file declares or uses it"
                    + (Suggestion.help(for: name, among: known.sorted()).map { "; \($0)" } ?? ""))
        }
    }

    func base() throws -> BaseURL? {
        guard let baseURL else { return nil }
        guard let base = BaseURL(baseURL) else {
            var secrets = Secrets()
            secrets.insert(passwordIn: baseURL)
            throw ValidationError("--base-url \(secrets.redact(baseURL)): expected a URL such as http://127.0.0.1:8080")
        }
        return base
    }

    func validate() throws {
        _ = try base()
        _ = try variables()
    }

    /// Runs the body against the server, starting the server first if --serve is given.
    ///
    /// - Parameters:
    ///   - isNeeded: whether a server must be given.
    ///   - stopFlag: when set, ends the wait for the server to start.
    /// - Throws: `ExitStatus.notCarriedOut` if the server does not start, after printing why.
    func withServer<Value: Sendable>(
        isNeeded: Bool = true, until stopFlag: StopFlag = StopFlag(), _ body: @Sendable (BaseURL) async throws -> Value
    ) async throws -> Value {
        try await withServedProcess(isNeeded: isNeeded, until: stopFlag) { base, _ in try await body(base) }
    }

    /// The same, with the process that --serve started, if any.
    func withServedProcess<Value: Sendable>(
        isNeeded: Bool = true, until stopFlag: StopFlag = StopFlag(),
        _ body: @Sendable (BaseURL, _ process: pid_t?) async throws -> Value
    ) async throws -> Value {
        guard let serve else {
            guard let base = try base() ?? (isNeeded ? nil : .localhost) else {
                throw ValidationError(
                    "no server given: use --base-url URL, or --serve 'COMMAND' to start one")
            }
            return try await body(base, nil)
        }
        do {
            var command = ServedCommand(command: serve, base: try base())
            command.stopFlag = stopFlag
            return try await command.runProcess(body)
        } catch let failure as ServedCommand.Failure {
            StandardError.write("error: \(failure)")
            throw ExitStatus.notCarriedOut
        }
    }
}
