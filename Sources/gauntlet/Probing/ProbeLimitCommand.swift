import ArgumentParser
import Foundation
import Probe
import ProbeRunner
import Report
import Scenario
import ScenarioRunner

struct ProbeLimitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit", abstract: "Find out kind, limit, window and key of a rate limiter.",
        discussion: """
            Sends requests until the limiter denies them, and chooses each experiment from what is known so far. \
            What the evidence does not settle stays unknown. The exit code is 0 if a limit was found or ruled out, \
            otherwise 3.
            """)

    @Argument(help: ArgumentHelp("URL to send requests to, or a scenario file.", valueName: "url or file"))
    var source: String

    @Option(help: ArgumentHelp("Step of the scenario whose request to send.", valueName: "id"))
    var step: String?

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: ArgumentHelp("Header field to send to a URL. May be repeated.", valueName: "name: value"))
    var headers: [String] = []

    @Option(
        name: [.customShort("X"), .customLong("request")],
        help: ArgumentHelp("Method for a URL. (default: GET)", valueName: "method"))
    var method: String?

    @Option(
        help: ArgumentHelp(
            "Another credential: a header field of another user. May be repeated.", valueName: "name: value"))
    var otherHeader: [String] = []

    @Option(help: ArgumentHelp("Path of another route, to see whether it shares the limit.", valueName: "path"))
    var otherPath: String?

    @Option(help: ArgumentHelp("URL of another instance of the server.", valueName: "url"))
    var also: String?

    @Option(help: ArgumentHelp("Status of a denied request. May be repeated. (default: 429)", valueName: "status"))
    var denied: [Int] = []

    @Option(help: ArgumentHelp("Maximum number of requests at the same time.", valueName: "n"))
    var concurrency: Int = 64

    @Option(
        name: [.customLong("write"), .customLong("pin")],
        help: ArgumentHelp(
            "Write a scenario that passes as long as the limiter behaves like this.", valueName: "file"))
    var pin: String?

    @OptionGroup var budget: ProbeBudgetOptions

    @OptionGroup var target: TargetOptions

    @OptionGroup var tls: TLSOptions

    @OptionGroup var reports: ReportOptions<ProbeResult>

    private var pinnedFile: PinnedFile { PinnedFile(path: pin, scenario: url == nil ? source : nil) }

    private var url: ProbeURL? { ProbeURL(source) }

    func validate() throws {
        if url == nil {
            guard !source.hasPrefix("http:"), !source.hasPrefix("https:") else {
                throw ValidationError("\(source): expected a URL such as http://127.0.0.1:8080/search")
            }
            guard step != nil else { throw ValidationError("\(source): name the step to probe with --step ID") }
            guard headers.isEmpty, method == nil else {
                throw ValidationError("--header and --request need a URL; a scenario says what to send")
            }
        } else if step != nil {
            throw ValidationError("--step needs a scenario file instead of a URL")
        }
        for field in headers + otherHeader where Self.header(field) == nil {
            throw ValidationError("header \"\(field)\": expected NAME: VALUE")
        }
        if let also, ProbeURL(also) == nil { throw ValidationError("--also \(also): expected a URL") }
        guard otherPath?.hasPrefix("/") ?? true else {
            throw ValidationError("--other-path: expected a path such as /health")
        }
        guard (1...10_000).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): expected 1 to 10000")
        }
        guard denied.allSatisfy({ (400...599).contains($0) }) else {
            throw ValidationError("--denied: expected a status from 400 to 599")
        }
        try pinnedFile.check()
    }

    func run() async throws {
        let (result, pinned) = try await StopSignals.handled { stopFlag in
            if let url { return try await probe(url, until: stopFlag) }
            return try await target.withServer(until: stopFlag) { base in
                try await probeStep(on: base, until: stopFlag)
            }
        }
        let isSaved = pinnedFile.save(pinned?.text, "the limiter")
        try reports.conclude(result)
        if !isSaved { throw ExitStatus.notCarriedOut }
    }

    // MARK: A URL

    private func probe(_ url: ProbeURL, until stopFlag: StopFlag) async throws -> (ProbeResult, PinnedLimit?) {
        try budget.announce(for: url.base)
        let request = Request(method: method ?? "GET", target: url.path, headers: headers.compactMap(Self.header))
        var settings = ConnectionSettings(base: url.base)
        settings.options = tls.client
        settings.takeAddressOfItsOwn()
        var secrets = url.base.secrets
        secrets.insert(passwordIn: source)
        let (connection, name) = (settings, secrets.redact(source))
        return await Threads.run {
            probe(
                [(ProbeRequests(request), [])], connection, name: name, of: .request(request), until: stopFlag)
        }
    }

    // MARK: A step of a scenario

    private func probeStep(on base: BaseURL, until stopFlag: StopFlag) async throws -> (ProbeResult, PinnedLimit?) {
        try budget.announce(for: base)
        let session = try target.probeSession(source, base, tls.client, until: stopFlag)
        let outcome = await Threads.run { () -> Result<(ProbeResult, PinnedLimit?), Diagnostic> in
            Result { () throws(Diagnostic) in try probe(session, until: stopFlag) }
        }
        do { return try outcome.get() } catch {
            StandardError.write(error)
            throw ExitStatus.notCarriedOut
        }
    }

    private func probe(
        _ session: ProbeSession, until stopFlag: StopFlag
    ) throws(Diagnostic) -> (ProbeResult, PinnedLimit?) {
        let id = step ?? ""
        let users = try session.setUp()
        defer { if let failure = session.tearDown(users) { StandardError.write(failure) } }
        var senders: [(requests: ProbeRequests, cookies: [String])] = []
        for (number, user) in users.enumerated() {
            senders.append((try session.requests(of: id, by: user, number: number), user.cookies))
        }
        return probe(
            senders, session.settings, name: "\(source) \(id)", of: .step(id, session.scenario.file), until: stopFlag)
    }

    // MARK: Both

    private func probe(
        _ users: [(requests: ProbeRequests, cookies: [String])], _ settings: ConnectionSettings, name: String,
        of origin: PinnedRequest, until stopFlag: StopFlag
    ) -> (ProbeResult, PinnedLimit?) {
        var variants = ProbeVariants()
        variants.otherHeaders = otherHeader.compactMap(Self.header)
        variants.otherPath = otherPath
        variants.instance = also.flatMap(ProbeURL.init)?.base
        let clients = ProbeClients(users, settings, varying: variants)
        var options = ProbeOptions(requests: budget.budget.requests, seconds: budget.budget.seconds)
        options.concurrency = concurrency
        options.variants = clients.variants
        let statuses = denied.isEmpty ? [429] : Set(denied)
        let traffic = ProbeTraffic(clients.senders, denied: statuses, stopFlag: stopFlag)
        var display = ProbeDisplay()
        var run = LimitProbeRun(options, traffic, stopFlag: stopFlag)
        let findings = run.run { probe in
            let seconds = max(0, options.seconds - traffic.now).rounded()
            display.update(
                probe.stageText, budget: "\(probe.requestsLeft) requests, \(Duration.seconds(Int(seconds)).shortText)"
            ) {
                var ended = probe
                ended.stop()
                return ProbeResult(target: name, subject: .limiter(ended.result), budget: (0, .zero)).rows
            }
        }
        display.erase()
        let result = ProbeResult(
            target: name, subject: .limiter(findings), budget: (options.requests, budget.budget.time),
            failure: traffic.failure)
        let pinned = PinnedLimit(
            findings, of: origin, summary: result.summary, denied: statuses, admitted: traffic.admittedStatuses)
        return (result, pinned)
    }

    private static func header(_ text: String) -> Header? {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
        return Header(
            String(text[..<colon]), text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
}
