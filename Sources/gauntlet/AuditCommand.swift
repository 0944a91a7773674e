import ArgumentParser
import Audit
import Report
import Scenario
import Trace

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check a trace of requests for violations of a rate limit or of cache freshness.",
        discussion: """
            A trace is CSV with a header: step,key,sent_ns,received_ns,outcome,operation,value and optionally user. \
            Each verdict is proved, consistent, undecided or failed. The exit code is 4 if any failed, otherwise 3 if any is undecided.
            """)

    @Argument(help: ArgumentHelp("Trace files; several are combined into one trace.", valueName: "trace"))
    var files: [String] = []

    @Option(
        name: .customLong("rate-limit"),
        help: ArgumentHelp(
            "Rate limit to audit. May be repeated. Kinds: sliding-window, fixed-window, aligned-window, sliding-counter (5/10s), token-bucket (20@5/s).",
            valueName: "kind:spec"))
    var rateLimits: [String] = []

    @Flag(help: "Audit reads and writes for freshness, monotonic reads and linearizability.")
    var freshness = false

    @Option(
        name: .customLong("clock-bound"),
        help: ArgumentHelp(
            "Maximum clock offset between the machines that recorded the traces. Widens every interval.",
            valueName: "duration"))
    var clockBound: String = "0s"

    @OptionGroup var reports: ReportOptions<AuditResult>

    /// The traces, including those that follow --report.
    private var paths: [String] { files + reports.otherWords }

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("no trace given: name CSV files") }
        _ = try policies()
        _ = try bound()
        guard freshness || !rateLimits.isEmpty else {
            throw ValidationError("nothing to audit: use --rate-limit KIND:SPEC, --freshness, or both")
        }
    }

    func run() throws {
        var trace = RequestTrace()
        for path in paths { try read(path, into: &trace) }
        try reports.conclude(
            AuditResult(
                of: trace, from: paths, rateLimits: policies(), checksFreshness: freshness, clockBound: bound()))
    }

    private func read(_ path: String, into trace: inout RequestTrace) throws {
        let bytes = try ScenarioFiles.bytes(at: path)
        do throws(TraceError) { try TraceCSV.append(bytes, to: &trace) } catch {
            StandardError.write("error: \(path): \(error)")
            throw ExitStatus.invalid
        }
    }

    private func policies() throws -> [RateLimitPolicy] {
        try rateLimits.map { text in
            do throws(InvalidPolicy) { return try RateLimitPolicy(parsing: text) } catch {
                throw ValidationError("--rate-limit \(text): \(error)")
            }
        }
    }

    private func bound() throws -> Nanoseconds {
        guard let duration = Duration(parsing: clockBound), duration >= .zero else {
            throw ValidationError("--clock-bound \(clockBound): expected a duration such as 2ms")
        }
        let (seconds, attoseconds) = duration.components
        guard seconds < 86_400 else { throw ValidationError("--clock-bound \(clockBound): must be less than a day") }
        return Nanoseconds(seconds) * 1_000_000_000 + Nanoseconds(attoseconds / 1_000_000_000)
    }
}
