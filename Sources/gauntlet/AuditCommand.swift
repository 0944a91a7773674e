import ArgumentParser
import Audit
import Foundation
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
    var files: [String]

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

    @Option(help: ArgumentHelp("Write the verdicts as JSON; - is standard output.", valueName: "json=path"))
    var report: String?

    func validate() throws {
        _ = try policies()
        _ = try bound()
        _ = try reportFile()
        guard freshness || !rateLimits.isEmpty else {
            throw ValidationError("nothing to audit: use --rate-limit KIND:SPEC, --freshness, or both")
        }
    }

    func run() throws {
        var trace = RequestTrace()
        for file in files { try read(file, into: &trace) }
        let bound = try bound()
        trace.widen(by: bound)
        let report = AuditReport(
            traces: files, requests: trace.records.count, entries: try entries(trace), clockBound: bound)
        try write(report)
        switch report.verdict {
        case .failed: throw ExitStatus.failed
        case .undecided: throw ExitStatus.notCarriedOut
        case .proved, .consistent: break
        }
    }

    private func entries(_ trace: RequestTrace) throws -> [AuditReport.Entry] {
        var entries: [AuditReport.Entry] = []
        for policy in try policies() {
            let audit = RateLimitAudit(trace, policy)
            entries.append(AuditReport.Entry(name: "\(policy) admissions", finding: audit.admissions))
            entries.append(AuditReport.Entry(name: "\(policy) denials", finding: audit.denials))
        }
        if freshness {
            let audit = FreshnessAudit(trace)
            entries.append(AuditReport.Entry(name: "fresh reads", finding: audit.freshness))
            entries.append(AuditReport.Entry(name: "monotonic reads", finding: audit.monotonic))
            entries.append(AuditReport.Entry(name: "linearizability", finding: audit.linearizability))
        }
        return entries
    }

    private func write(_ report: AuditReport) throws {
        guard let file = try reportFile() else {
            StandardOutput.write(report.text(style: StandardOutput.style))
            return
        }
        let json = try report.json()
        guard file.path != "-" else {
            StandardOutput.writeRaw(json)
            return
        }
        StandardOutput.write(report.text(style: StandardOutput.style))
        do throws(ReportFileError) { try file.write(json) } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.notCarriedOut
        }
    }

    private func read(_ path: String, into trace: inout RequestTrace) throws {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            StandardError.write("error: \(path) cannot be read: \(error.localizedDescription)")
            throw ExitStatus.invalid
        }
        do throws(TraceError) { try TraceCSV.append(Array(data), to: &trace) } catch {
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

    private func reportFile() throws -> ReportFile? {
        guard let report else { return nil }
        guard report.hasPrefix("json="), report.count > 5 else {
            throw ValidationError("--report \(report): expected json=PATH")
        }
        let file = ReportFile(path: String(report.dropFirst(5)))
        if file.path != "-" { do { try file.check() } catch { throw ValidationError("\(error)") } }
        return file
    }
}
