import Histogram
import Scenario
import Testing

@testable import Load

/// Compares reported bounds with the times that simulated requests took or would have taken.
@Suite(.timeLimit(.minutes(2)))
struct BoundsTests {
    /// Each batch is a hundred schedules.
    static let batches: Range<UInt64> = 0..<20

    /// A server that stalls and ignores some requests, and a run that ends while it does.
    private static func simulation(_ seed: UInt64) -> Simulation {
        var random = SplitMix64(seed: seed)
        var simulation = Simulation(seed: seed)
        // One in ten with histograms of full size.
        if seed % 10 != 0 { simulation.shrink() }
        simulation.open(rate: Double.random(in: 200...2000, using: &random))
        simulation.steps = [.get(timeout: timeout)]
        // One in four has enough requests for p99.
        let longest: UInt64 = seed % 4 == 0 ? 400 : 80
        simulation.settings.duration = .milliseconds(UInt64.random(in: longest / 4...longest, using: &random))
        // Requests in flight at the end stay unfinished.
        simulation.settings.grace = .zero
        simulation.settings.virtualUsers = Int.random(in: 1...60, using: &random)
        simulation.classes = ["ok"]
        simulation.judge = StubJudge { status, _, _ in Verdict(classes: status == 200 ? 1 : 0, failures: 0) }
        simulation.server.concurrency = Int.random(in: 1...8, using: &random)
        let start = Nanoseconds.random(in: 0...longest * 750_000, using: &random)
        if Bool.random(using: &random) {
            simulation.server.standstills = [
                start..<start + Nanoseconds.random(in: 1_000_000...longest * 1_000_000, using: &random)
            ]
        }
        let ignored = Bool.random(using: &random) ? 0 : Double.random(in: 0...0.2, using: &random)
        simulation.server.treat = { _, random in
            guard Double.random(in: 0..<1, using: &random) >= ignored else { return .ignore }
            return .respond(
                after: UInt64.random(in: 100_000...4_000_000, using: &random),
                status: Bool.random(using: &random) ? 200 : 404)
        }
        return simulation
    }

    private static let timeout = Duration.milliseconds(60)

    /// A request's true outcome: its response time and status, or else how long it had no response.
    private struct Request {
        var elapsed: Nanoseconds
        /// Nil if it has no response.
        var status: Int?
    }

    /// The true outcome of each arrival.
    ///
    /// Arrivals are sent in the order in which they are due. So the n-th exchange is the n-th arrival, unless an
    /// arrival waited so long that it failed unsent.
    private static func requests(_ run: SimulatedRun, _ simulation: Simulation) -> [Request]? {
        guard case .open(let model) = simulation.settings.model else { return nil }
        var arrivals = ArrivalQueue(model, thread: 0, of: 1, start: run.schedule.start, end: run.schedule.end)
        var due: [Nanoseconds] = []
        while arrivals.next != .max { due.append(arrivals.arrive()) }
        // A timeout in the queue breaks the order; skip such a run.
        let queued = run.result.unfinished[.waitingForUser, default: 0]
        guard run.truth.exchanges.count + queued == due.count else { return nil }
        return due.enumerated().map { index, intended in
            let exchange = index < run.truth.exchanges.count ? run.truth.exchanges[index] : nil
            if let received = exchange?.receivedAt, received <= run.schedule.end {
                return Request(elapsed: received - intended, status: exchange?.status)
            }
            return Request(elapsed: min(run.schedule.end - intended, Nanoseconds(timeout)), status: nil)
        }
    }

    @Test(
        "a true percentile lies within its bounds, however long unfinished requests would have taken",
        arguments: batches)
    func percentiles(batch: UInt64) {
        var checked = 0
        for seed in batch * 100..<(batch + 1) * 100 {
            let simulation = Self.simulation(seed)
            let run = simulation.run()
            guard let requests = Self.requests(run, simulation) else { continue }
            let answered = requests.filter { $0.status != nil }
            guard run.result.responses == answered.count else { continue }
            checked += 1
            var random = SplitMix64(seed: seed)
            let step = run.result.steps[0]
            let (all, ok) = (step.samples(of: .response), step.samples(of: .response, class: 0))
            for _ in 0..<3 {
                let extra: UInt64 = [0, 50_000_000, 3_000_000_000].randomElement(using: &random) ?? 0
                var (times, okTimes): ([Nanoseconds], [Nanoseconds]) = ([], [])
                for request in requests {
                    // A timed-out request is known to have lasted until the clock was next checked.
                    let hasTimedOut = request.status == nil && request.elapsed == Nanoseconds(Self.timeout)
                    let lag: UInt64 = hasTimedOut ? 25_000_000 : 0
                    let more = request.status == nil ? UInt64.random(in: 0...extra, using: &random) + lag : 0
                    times.append(request.elapsed + more)
                    let isOK = request.status.map { $0 == 200 } ?? Bool.random(using: &random)
                    if isOK { okTimes.append(request.elapsed + more) }
                }
                (times, okTimes) = (times.sorted(), okTimes.sorted())
                for percentile in [50.0, 75, 90, 95, 99] {
                    Self.expect(all.figure(.percentile(percentile)), holds: percentile, of: times, run.digits, seed)
                    if !okTimes.isEmpty {
                        Self.expect(
                            ok.figure(.percentile(percentile)), holds: percentile, of: okTimes, run.digits, seed)
                    }
                }
            }
        }
        #expect(checked > 30)
    }

    private static let (fine, coarse) = (TimeHistogram.times(.three), TimeHistogram.times(.two))
    private static func buckets(_ digits: SignificantDigits) -> TimeHistogram { digits == .three ? fine : coarse }

    /// - Parameter times: ascending.
    private static func expect(
        _ figure: TimeFigure, holds percentile: Double, of times: [Nanoseconds], _ digits: SignificantDigits,
        _ seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard let lower = figure.observed.lower else { return }
        let truth = SimulatedTruth.percentile(percentile, ofSorted: times)
        // A histogram tells a value from others only by its bucket, and bounds that are equal to three digits are
        // reported as one figure.
        let bucket = buckets(digits).equivalentRangeForValue(truth)
        let isWithin =
            Double(bucket.upperBound) >= lower * 0.999 - 1
            && Double(bucket.lowerBound) <= (figure.observed.upper ?? .infinity) * 1.001 + 1
        guard !isWithin else { return }
        Issue.record(
            "seed \(seed): p\(percentile) is \(figure.observed), and truly \(truth)", sourceLocation: sourceLocation)
    }

    @Test("an upper limit that passes holds for every possible completion, in both models", arguments: batches)
    func thresholds(batch: UInt64) throws {
        var passed = 0
        for seed in batch * 100..<batch * 100 + 20 {
            var random = SplitMix64(seed: seed)
            var simulation = Self.simulation(seed)
            let isClosed = seed % 2 == 1
            if isClosed { simulation.settings.model = .closed }
            let run = simulation.run()
            let limit = Double.random(in: 1...80, using: &random)
            let outcome = try ThresholdTests.outcome("read.p90", "{ \"lt\": \(limit) }", of: run.result)
            guard outcome.passed else { continue }
            passed += 1
            // The worst completion: no unfinished request ever gets a response.
            let step = run.result.steps[0]
            let missing = Int(step.censored.response.totalCount)
            let times = run.truth.exchanges.filter { $0.receivedAt.map { $0 <= run.schedule.end } ?? false }
            if isClosed {
                let known =
                    times.map { $0.receivedAt! - $0.sentAt } + Array(repeating: Nanoseconds.max / 2, count: missing)
                #expect(Double(SimulatedTruth.percentile(90, of: known)) < limit * 1e6 * 1.001, "seed \(seed)")
            } else if let requests = Self.requests(run, simulation) {
                let known = requests.map { $0.status == nil ? Nanoseconds.max / 2 : $0.elapsed }
                #expect(Double(SimulatedTruth.percentile(90, of: known)) < limit * 1e6 * 1.001, "seed \(seed)")
            }
        }
        #expect(passed > 0)
    }
}
