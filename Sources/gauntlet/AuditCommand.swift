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
            A trace is a binary file or CSV with a header: step,key,sent_ns,received_ns,outcome,operation,value and others. \
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

    @Option(
        name: .customLong("step"),
        help: ArgumentHelp("A step to which the limits apply. May be repeated. Default: all steps.", valueName: "step"))
    var steps: [String] = []

    @Flag(help: "Compare Retry-After and remaining counts with what happened.")
    var promises = false

    @Option(help: "Audit reads and writes for freshness: reads show the latest value, or contain all values.")
    var freshness: FreshnessPromise.Shape?

    @Option(
        name: .customLong("ttl"),
        help: ArgumentHelp("How old a value may be, for --freshness and --stampede.", valueName: "duration"))
    var timeToLive: String?

    @Option(
        help: ArgumentHelp(
            "Maximum number of reads of class \"miss\" each time that a cached value is filled.", valueName: "n"))
    var stampede: Int?

    @Option(
        name: .customLong("clock-bound"),
        help: ArgumentHelp(
            "Maximum clock offset between the machines that recorded the traces. Widens every interval.",
            valueName: "duration"))
    var clockBound: String = "0s"

    @Option(
        help: ArgumentHelp(
            "Write the trace as CSV (.csv), binary (.trace), or a history for Elle (.edn) or Knossos (.knossos.edn). May be repeated.",
            valueName: "file"))
    var export: [String] = []

    @OptionGroup var reports: ReportOptions<AuditResult>

    /// The traces, including those that follow --report.
    private var paths: [String] { files + reports.otherWords }

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("no trace given: name its files") }
        let plan = try plan()
        _ = try exports()
        guard !plan.isEmpty || !export.isEmpty else {
            throw ValidationError(
                "nothing to audit: use --rate-limit, --promises, --freshness, --stampede, or --export")
        }
    }

    func run() throws {
        var trace = RequestTrace()
        for path in paths {
            do throws(TraceError) {
                if try trace.append(path: path) { continue }
            } catch {
                StandardError.write("error: \(path): \(error)")
                throw ExitStatus.invalid
            }
            let bytes = try ScenarioFiles.bytes(at: path)
            do throws(TraceError) { try trace.append(file: bytes) } catch {
                StandardError.write("error: \(path): \(error)")
                throw ExitStatus.invalid
            }
        }
        for (format, path) in try exports() {
            do throws(TraceWriteError) { try format.write(trace, to: path) } catch {
                StandardError.write("error: \(error)")
                throw ExitStatus.notCarriedOut
            }
        }
        let plan = try plan()
        guard !plan.isEmpty else { return }
        try reports.conclude(AuditResult(of: consume trace, from: paths, plan))
    }

    private func exports() throws -> [(TraceExport, String)] {
        try export.map { path in
            guard let format = TraceExport(path: path) else {
                throw ValidationError(
                    "--export \(path): expected a name that ends with .csv, .trace, .edn or .knossos.edn")
            }
            return (format, path)
        }
    }

    private func plan() throws -> AuditPlan {
        var plan = AuditPlan()
        plan.rateLimits = try policies()
        plan.limitedSteps = Set(steps)
        plan.checksPromises = promises
        plan.clockBound = try Self.time(clockBound, "--clock-bound")
        let timeToLive = try timeToLive.map { try Self.time($0, "--ttl") }
        plan.freshness = freshness.map { FreshnessPromise($0, timeToLive: timeToLive) }
        if let stampede {
            guard stampede > 0 else { throw ValidationError("--stampede must be greater than zero") }
            plan.stampede = StampedePromise(limit: stampede)
            plan.stampede?.timeToLive = timeToLive
        }
        return plan
    }

    private func policies() throws -> [RateLimitPolicy] {
        try rateLimits.map { text in
            do throws(InvalidPolicy) { return try RateLimitPolicy(parsing: text) } catch {
                throw ValidationError("--rate-limit \(text): \(error)")
            }
        }
    }

    private static func time(_ text: String, _ option: String) throws -> Nanoseconds {
        guard let duration = Duration(parsing: text), duration >= .zero else {
            throw ValidationError("\(option) \(text): expected a duration such as 2ms")
        }
        let (seconds, attoseconds) = duration.components
        guard seconds < 86_400 else { throw ValidationError("\(option) \(text): must be less than a day") }
        return Nanoseconds(seconds) * 1_000_000_000 + Nanoseconds(attoseconds / 1_000_000_000)
    }
}

extension FreshnessPromise.Shape: ExpressibleByArgument {}
