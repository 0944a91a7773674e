import Scenario

/// Collects a step's result while the step runs.
struct StepProgress {
    let step: Step
    private let phase: StepResult.Phase
    private let file: SourceFile
    private let start = ContinuousClock.now
    private(set) var exchanges: [Exchange] = []
    /// The number of requests sent, including retries and those whose responses were not examined.
    var requests = 0
    private var assertions = StepResult.Assertions()
    private var failures: [Failure] = []
    private var isErrored = false
    private var isAbandoned = false
    var captures: [(name: String, value: String)] = []
    var burst: BurstMeasure?

    /// Whether all exchanges so far have been kept.
    private var keepsAll = true
    private var keptBytes = 0

    /// The most exchanges and bytes of bodies for which all of a step's exchanges are kept. Beyond them, only the
    /// first, the last and the failed ones are.
    private static let limits = (exchanges: 32, bytes: 16 << 20)
    private static let keptFailures = 20

    init(_ step: Step, _ phase: StepResult.Phase, in file: SourceFile) {
        self.step = step
        self.phase = phase
        self.file = file
    }

    var hasFailed: Bool { !failures.isEmpty }

    mutating func add(_ exchange: Exchange) {
        keptBytes += exchange.request.bodyLength + (exchange.response?.bodyLength ?? 0)
        if keepsAll, exchanges.count == Self.limits.exchanges || keptBytes > Self.limits.bytes {
            keepsAll = false
            let failing = Set(failures.compactMap(\.exchange?.start))
            let ends = [exchanges.first?.start, exchanges.last?.start]
            exchanges.removeAll { !ends.contains($0.start) && !failing.contains($0.start) }
        }
        let last = exchanges.count - 1
        // In a long repeat, an exchange replaces the one before it unless that one failed.
        if !keepsAll, last > 0,
            failures.isEmpty || failures.last?.exchange?.start != exchanges[last].start
                || failures.count > Self.keptFailures
        {
            exchanges[last] = exchange
        } else {
            exchanges.append(exchange)
        }
    }

    /// - Parameter waited: how long a poll waited for the condition, as in "within 10s".
    mutating func assert(_ count: Int, _ mismatches: [Mismatch], _ exchange: Exchange?, waited: String? = nil) {
        // A condition that fails at several paths is still one assertion.
        let failed = Set(mismatches.map(\.range)).count
        assertions.failed += failed
        assertions.passed += max(0, count - failed)
        for mismatch in mismatches where failures.count < Self.keptFailures {
            let diagnostic = Diagnostic(
                .assertion,
                "\(mismatch.subject) is not as expected\(waited.map { " \($0)" } ?? "") in step \"\(step.id)\"",
                in: file,
                at: mismatch.range,
                notes: [.init("expected", mismatch.expected), .init("actual", mismatch.actual)])
            fail(diagnostic, exchange)
        }
    }

    mutating func fail(_ diagnostic: Diagnostic, _ exchange: Exchange?) {
        failures.append(Failure(diagnostic: diagnostic, exchange: exchange, isError: false))
    }

    mutating func interrupt(_ interruption: Interruption) {
        let diagnostic: Diagnostic
        var failing: Exchange?
        var refusal: String?
        switch interruption {
        case .transport(let error, let exchange):
            failing = exchange
            if error.code == .refused { refusal = error.message }
            diagnostic = Diagnostic(
                .transport, "no complete response in step \"\(step.id)\": \(error.message)", in: file,
                at: error.code == .invalidRequest ? requestRange : step.idRange, help: error.help)
        case .rendering(let error, let range):
            diagnostic = Diagnostic(
                .rendering, "could not render step \"\(step.id)\": \(error)", in: file, at: range)
        case .unstarted(let cause): diagnostic = cause
        case .stopped(let reason):
            diagnostic = Diagnostic(.interrupted, "\(reason), in step \"\(step.id)\"", in: file, at: step.idRange)
        case .abandoned:
            isAbandoned = true
            return
        }
        isErrored = true
        failures.append(Failure(diagnostic: diagnostic, exchange: failing, isError: true, refusal: refusal))
    }

    /// The range of the step's request in the file.
    private var requestRange: Range<Int> {
        if case .request(let request) = step.action { request.request.range } else { step.idRange }
    }

    /// - Parameter tooSlow: why failed assertions are inconclusive, if they are.
    func finished(tooSlow: String? = nil) -> StepResult {
        var result = StepResult(
            id: step.id, phase: phase, range: step.range, start: start,
            outcome: isErrored ? .errored : !failures.isEmpty ? .failed : isAbandoned ? .skipped : .passed,
            requests: requests, assertions: assertions, failures: failures, exchanges: exchanges, burst: burst,
            captures: captures, duration: ContinuousClock.now - start)
        if let tooSlow, result.outcome == .failed {
            result.outcome = .skipped
            result.tooSlow = tooSlow
            result.failures = []
            result.assertions.failed = 0
        }
        return result
    }
}

extension StepResult {
    /// A step that was not reached.
    static func skipped(_ step: Step, _ phase: Phase) -> StepResult {
        StepResult(
            id: step.id, phase: phase, range: step.range, start: .now, outcome: .skipped, requests: 0,
            assertions: Assertions(), failures: [],
            exchanges: [], burst: nil, captures: [], duration: .zero)
    }

    func redacted(by secrets: Secrets) -> StepResult {
        var copy = self
        copy.exchanges = exchanges.map { $0.redacted(by: secrets) }
        copy.failures = failures.map { failure in
            Failure(
                diagnostic: secrets.redact(failure.diagnostic),
                exchange: failure.exchange?.redacted(by: secrets), isError: failure.isError,
                refusal: failure.refusal.map { secrets.redact(wording: $0) })
        }
        copy.captures = captures.map { ($0.name, secrets.redact($0.value)) }
        return copy
    }
}
