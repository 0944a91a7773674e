import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import TodoServer
import UnixSignals
import Version

@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "todo-server",
        abstract: "Reference todo API with JWT login, a Redis cache and a rate limit.",
        discussion: "Every option can also be set by an environment variable; the option overrides it.",
        version: Release.version)

    /// A generous estimate: database, Redis, log.
    private static let filesBesideConnections = 128

    @OptionGroup var options: ServerOptions

    @Flag(help: "Print the effective configuration, with secrets masked, and exit. TODO_PRINT_CONFIGURATION=1")
    var printConfiguration = false

    func validate() throws {
        _ = try options.configuration(environment: ProcessInfo.processInfo.environment)
    }

    func run() async throws {
        let configuration = try options.configuration(environment: ProcessInfo.processInfo.environment)
        let isToPrint = ProcessInfo.processInfo.environment["TODO_PRINT_CONFIGURATION"].map { !["", "0"].contains($0) }
        if printConfiguration || isToPrint == true {
            for setting in Setting.all { print("\(setting.name) = \(setting.text(in: configuration))") }
            return
        }
        LoggingSystem.bootstrap { label in
            switch configuration.logFormat {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler.standardError()
            }
        }
        var logger = Logger(label: "todo-server")
        logger.logLevel = configuration.logLevel
        let files = OpenFiles.raiseLimit()
        if files < configuration.maxConnections + Self.filesBesideConnections {
            logger.warning(
                """
                the open-file limit, \(files), is too low for max-connections \(configuration.maxConnections): \
                raise the limit (ulimit -Hn) or lower max-connections
                """
            )
        }
        do {
            let application = try Application(configuration, logger: logger) { url in
                print("todo-server listening on \(url)")
                fflush(nil)
            }
            try await ServiceGroup(
                configuration: .init(
                    services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            ).run()
        } catch {
            switch configuration.logFormat {
            case .text: FileHandle.standardError.write(Data("todo-server: \(error)\n".utf8))
            case .json: logger.critical("\(error)")
            }
            throw ExitCode.failure
        }
        fflush(nil)
        // Not exit(): it unloads libraries while other threads are still ending, and one of them may crash.
        _exit(EXIT_SUCCESS)
    }
}
