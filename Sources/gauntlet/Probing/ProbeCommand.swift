import ArgumentParser

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Find out from outside what a rate limiter or a cache really does.",
        subcommands: [ProbeLimitCommand.self, ProbeCacheCommand.self])
}
