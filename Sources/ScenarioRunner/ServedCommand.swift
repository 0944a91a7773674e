import Glibc
import Scenario
import Subprocess
import Synchronization
import SystemPackage

/// Runs the server under test as a child process: starts it, waits for it, and always stops it.
///
/// The server is stopped even if this program is killed: see ``ServerGuard``.
package struct ServedCommand: Sendable {
    /// A command line for `/bin/sh`. `{port}` in it is replaced by a free port.
    package var command: String
    /// The server's URL; if nil, the port in `{port}` is used, or else the first URL that the server prints.
    package var base: BaseURL?
    /// How long the server may take to accept connections.
    package var startLimit = Duration.seconds(20)
    /// Ends the wait for the server once it is set.
    package var stopFlag = StopFlag()

    package init(command: String, base: BaseURL? = nil) {
        self.command = command
        self.base = base
    }

    /// Why the server did not start.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let reason: String
        /// The last lines of its output.
        package let output: [String]

        package var description: String {
            guard !output.isEmpty else { return reason }
            return "\(reason); its output:\n"
                + output.map { "  \(DiagnosticRenderer.printable($0))" }.joined(separator: "\n")
        }
    }

    /// Runs the body while the server runs. Stops the server when the body ends, normally or with an error.
    package func run<Value: Sendable>(_ body: @Sendable (BaseURL) async throws -> Value) async throws -> Value {
        try await runProcess { base, _ in try await body(base) }
    }

    /// The same, with the number of the process that runs the command. The server may be a child of it.
    package func runProcess<Value: Sendable>(
        _ body: @Sendable (BaseURL, _ process: pid_t) async throws -> Value
    ) async throws -> Value {
        var options = PlatformOptions()
        // A separate session, so that the shell's children are stopped with it and Ctrl-C does not reach them first.
        options.createSession = true
        let stop: [TeardownStep] = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.stopLimit)]
        options.teardownSequence = stop

        let port = try command.contains("{port}") ? FreePort.find() : nil
        let line = command.replacing("{port}", with: port.map(String.init) ?? "")
        let output = ServerOutput()
        let serverGuard = try ServerGuard()
        let group = Mutex<pid_t?>(nil)
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await Subprocess.run(
                    .path("/bin/sh"), arguments: Arguments(ServerGuard.words(for: line)), platformOptions: options,
                    input: .fileDescriptor(serverGuard.readEnd, closeAfterSpawningProcess: true), output: .sequence,
                    error: .combinedWithOutput
                ) { execution in
                    let leader = execution.processIdentifier.value
                    group.withLock { $0 = leader }
                    Self.running.withLock { _ = $0.insert(leader) }
                    async let drained: Void = output.collect(execution.standardOutput)
                    let result: Result<Value, any Error>
                    do { result = .success(try await body(try await address(port: port, output), leader)) } catch {
                        result = .failure(error)
                    }
                    await execution.teardown(using: stop)
                    // The shell's children may outlive it and keep its output open.
                    let killer = Task {
                        try await Task.sleep(for: Self.stopLimit)
                        kill(-leader, SIGKILL)
                    }
                    await drained
                    killer.cancel()
                    return try result.get()
                }.closureResult)
        } catch {
            result = .failure(error)
        }
        if let group = group.withLock({ $0 }) {
            await Self.awaitEnd(of: group)
            Self.running.withLock { _ = $0.remove(group) }
        }
        serverGuard.dismiss()
        return try result.get()
    }

    /// The process groups of the running servers.
    private static let running = Mutex<Set<pid_t>>([])

    /// Kills all running servers, for a program that must exit immediately.
    package static func abandonAll() {
        for group in running.withLock({ $0 }) { kill(-group, SIGKILL) }
    }

    /// How long a server may take to exit after SIGTERM before it is killed.
    private static var stopLimit: Duration { .seconds(5) }

    private static func awaitEnd(of group: pid_t) async {
        let start = ContinuousClock.now
        while kill(-group, 0) == 0, ContinuousClock.now - start < stopLimit * 2 {
            if ContinuousClock.now - start > stopLimit { kill(-group, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func address(port: Int?, _ output: ServerOutput) async throws -> BaseURL {
        let deadline = ContinuousClock.now + startLimit
        var known = base
        if known == nil, let port { known = BaseURL("http://127.0.0.1:\(port)") }
        // The kernel gives no notice when another process starts listening, so poll.
        while ContinuousClock.now < deadline {
            if let place = known ?? output.firstURL, FreePort.isListening(place) { return place }
            if stopFlag.isSet {
                throw Failure(
                    reason: "the run was stopped before the server started listening", output: output.lastLines)
            }
            if output.hasEnded {
                throw Failure(
                    reason: "the server exited before it started listening: \(command)", output: output.lastLines)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        let place = (known ?? output.firstURL)?.text ?? "any address: it printed no URL, and no --base-url was given"
        throw Failure(
            reason: "the server did not start listening within \(startLimit.shortText) at \(place)",
            output: output.lastLines)
    }
}

/// The server's output: the first URL in it, and its last lines.
private final class ServerOutput: Sendable {
    private let state = Mutex((lines: [String](), firstURL: BaseURL?.none, hasEnded: false))

    var firstURL: BaseURL? { state.withLock { $0.firstURL } }
    var lastLines: [String] { state.withLock { $0.lines } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func collect(_ output: SubprocessOutputSequence) async {
        do {
            for try await line in output.strings() {
                state.withLock { state in
                    let line = line.hasSuffix("\n") ? String(line.dropLast()) : line
                    if state.firstURL == nil { state.firstURL = Self.url(in: line) }
                    state.lines.append(line)
                    if state.lines.count > 20 { state.lines.removeFirst() }
                }
            }
        } catch {
            state.withLock { $0.lines.append("(could not read its output: \(error))") }
        }
        state.withLock { $0.hasEnded = true }
    }

    private static func url(in line: String) -> BaseURL? {
        guard let match = line.firstMatch(of: #/https?://[^\s"'<>,;)]+/#) else { return nil }
        // 0.0.0.0 means that the server listens on all addresses; connect over loopback.
        return BaseURL(String(match.output).replacing("//0.0.0.0", with: "//127.0.0.1"))
    }
}
