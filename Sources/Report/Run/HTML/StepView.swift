import Scenario
import ScenarioRunner

/// A step with its exchanges, failures and captures.
struct StepView {
    let id: String
    let badge: OutcomeBadge
    let isReached: Bool
    let isOpen: Bool
    /// Setup or teardown; nil for a regular step.
    let phase: String?
    let line: Int
    let lineAnchor: String
    let facts: String?
    let duration: String
    let place: TimeAxis.Place
    let waterfall: String
    let laneCount: Int
    let lanes: [Lane]
    let failures: [FailureView]
    let hasBurst: Bool
    let burst: [Fact]
    let hasCaptures: Bool
    let captures: [Fact]
    let exchanges: [ExchangeView]
    /// A note, if not all exchanges were kept.
    let exchangesNote: String?

    /// A row of bars that do not overlap.
    struct Lane {
        let bars: [Bar]
    }

    struct Bar {
        let className: String
        let place: TimeAxis.Place
    }

    struct Fact {
        let name: String
        let value: String
    }

    init(_ step: StepResult, of file: SourceFile, in anchor: String, on axis: TimeAxis) {
        let kept = step.reportedExchanges
        id = step.id
        badge = OutcomeBadge(step.outcome)
        isReached = step.outcome != .skipped
        isOpen = step.outcome > .skipped
        phase = step.phase == .steps ? nil : step.phase.rawValue
        line = file.position(of: step.range.lowerBound).line
        lineAnchor = "\(anchor)-L\(line)"
        let assertions = step.assertions.passed + step.assertions.failed
        let facts = [
            step.requests > 0 ? counted(step.requests, "request") : nil,
            assertions > 0 ? counted(assertions, "assertion") : nil,
            step.assertions.failed > 0 ? "\(step.assertions.failed) failed" : nil,
        ].compactMap { $0 }
        self.facts = facts.isEmpty ? nil : facts.joined(separator: " · ")
        duration = isReached ? step.duration.spacedText : ""
        place = axis.place(step.start, lasting: step.duration)
        waterfall = "starts at \((step.start - axis.start).spacedText), takes \(step.duration.spacedText)"
        lanes = Self.lanes(of: kept, on: axis)
        laneCount = max(1, lanes.count)
        failures = step.failures.enumerated().map { index, failure in
            let isTold = step.failures[..<index].contains { $0.exchange?.start == failure.exchange?.start }
            return FailureView(failure, in: anchor, showsCommand: !isTold)
        }
        hasBurst = step.burst != nil
        burst = step.burst.map(Self.facts) ?? []
        hasCaptures = !step.captures.isEmpty
        captures = step.captures.map { Fact(name: $0.name, value: $0.value) }
        let failing = Set(step.failures.compactMap(\.exchange?.start))
        exchanges = kept.enumerated().map { index, exchange in
            ExchangeView(
                exchange, number: kept.count > 1 ? index + 1 : nil, isFailing: failing.contains(exchange.start),
                isOpen: kept.count == 1 || failing.contains(exchange.start))
        }
        exchangesNote =
            step.requests > kept.count
            ? "\(kept.count) of \(step.requests) exchanges kept: the first, the last and the failed ones" : nil
    }

    private static func facts(of burst: BurstMeasure) -> [Fact] {
        [
            Fact(name: "requests", value: "\(burst.count)"),
            Fact(name: "requested concurrency", value: "\(burst.concurrency)"),
            Fact(name: "in flight at peak", value: "\(burst.peakInFlight)"),
            Fact(name: "from first to last send", value: burst.spread.spacedText),
        ]
    }

    /// Puts each exchange in the first free of at most 32 lanes, so that concurrent ones do not overlap.
    private static func lanes(of exchanges: [Exchange], on axis: TimeAxis) -> [Lane] {
        var lanes: [(bars: [Bar], end: ContinuousClock.Instant)] = []
        for exchange in exchanges where exchange.response != nil {
            let end = exchange.start + exchange.duration
            let bars = exchange.phases.map { phase, start, duration in
                Bar(className: phase.rawValue, place: axis.place(start, lasting: duration))
            }
            if let free = lanes.firstIndex(where: { $0.end <= exchange.start }) {
                lanes[free].bars += bars
                lanes[free].end = end
            } else if lanes.count < 32 {
                lanes.append((bars, end))
            }
        }
        return lanes.map { Lane(bars: $0.bars) }
    }
}

extension Exchange {
    /// The phases with their start instants. The last one ends with the exchange. In a burst, the first ones precede the
    /// exchange's start, because connections are made before anything is sent.
    var phases: [(phase: ExchangePhase, start: ContinuousClock.Instant, duration: Duration)] {
        guard let times = response?.times else { return [] }
        var next = start + duration - times.total
        return ExchangePhase.durations(of: times).map { phase, duration in
            defer { next += duration }
            return (phase, next, duration)
        }
    }
}
