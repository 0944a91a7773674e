/// What the probe has seen so far.
struct ProbeRecord: Sendable {
    /// The requests sent, by any client.
    private(set) var count = 0
    /// The primary client's requests, as evidence.
    private(set) var batches: [Batch] = []
    private(set) var promises = PromiseRecord()
    private(set) var fields = FieldRecord()
    private(set) var hasServerError = false
    /// Durations of requests sent alone, in seconds.
    private(set) var durations: [Double] = []
    /// The first and the last instant.
    private(set) var span: ClosedRange<Double>?
    /// Whether further requests are no evidence: other clients may use up the same limit.
    var isClosed = false
    var fills: [Fill] = []
    var recoveries: [Recovery] = []

    /// Between which instants requests were admitted again, from the experiment's first request.
    struct Recovery: Sendable {
        var denied: Double
        var admitted: Double
        var isAdmitted: Bool
        /// Whether a poll was denied before.
        var isBracketed: Bool
    }

    /// The most batches made of requests that were sent one after another.
    private static let mostParts = 8
    /// Clocks and timers of servers are not exact: a decision may seem to lie this many seconds outside.
    private static let clockTolerance = 0.0015

    mutating func append(_ exchanges: [ProbeExchange], of volley: Volley) {
        count += exchanges.count
        if exchanges.contains(where: { $0.outcome == .serverError }) { hasServerError = true }
        guard volley.client == .primary, let first = exchanges.first else { return }
        let end = exchanges.map(\.received).max() ?? first.received
        span = (span?.lowerBound ?? first.sent)...max(span?.upperBound ?? end, end)
        guard !isClosed else { return }
        promises.append(exchanges, isSequential: volley.concurrency == 1)
        if volley.concurrency == 1 { exchanges.forEach { fields.append($0) } } else { fields.interrupt() }
        if volley.concurrency == 1 {
            durations += exchanges.map { $0.received - $0.sent }
            // A batch ends at a denial, and after an equal share of the admissions.
            let size = max(1, (exchanges.count + Self.mostParts - 1) / Self.mostParts)
            var part: [ProbeExchange] = []
            for exchange in exchanges {
                if exchange.outcome != .admitted || part.count >= size {
                    add(part, concurrency: 1)
                    part = []
                }
                part.append(exchange)
                if exchange.outcome != .admitted {
                    add(part, concurrency: 1)
                    part = []
                }
            }
            add(part, concurrency: 1)
        } else {
            add(exchanges, concurrency: volley.concurrency)
        }
    }

    private mutating func add(_ exchanges: [ProbeExchange], concurrency: Int) {
        guard let first = exchanges.map(\.sent).min(), let last = exchanges.map(\.received).max() else { return }
        var batch = Batch(
            start: first - Self.clockTolerance, end: last + Self.clockTolerance, concurrency: concurrency)
        for exchange in exchanges {
            switch exchange.outcome {
            case .admitted: batch.admitted += 1
            case .denied: batch.denied += 1
            case .uncertain, .serverError: batch.uncertain += 1
            }
        }
        batches.append(batch)
    }

    /// The median duration of requests sent alone.
    var roundTrip: Double {
        guard !durations.isEmpty else { return 0.01 }
        return durations.sorted()[durations.count / 2]
    }

    /// Whether requests sent one after another were held back: all but the first took much longer than it.
    func isDelayed(_ exchanges: [ProbeExchange]) -> Bool {
        guard exchanges.count >= 3, let first = durations.first else { return false }
        let others = exchanges.dropFirst().map { $0.received - $0.sent }
        guard let shortest = others.min(), let longest = others.max() else { return false }
        return shortest > max(8 * first, 0.03) && longest < 1.5 * shortest
    }
}
