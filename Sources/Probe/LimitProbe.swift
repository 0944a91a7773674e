/// Finds out what a rate limiter does, from the outside.
///
/// A state machine without I/O and without a clock: ``next(at:)`` says what to do, ``record(_:)`` takes what came of it.
/// Time is in seconds since the probe began.
///
/// Every kind of limiter is a ``Hypothesis`` until the evidence refutes it. Experiments are chosen to tell apart the
/// hypotheses that are left.
package struct LimitProbe: Sendable {
    package let options: ProbeOptions
    var stage = Stage.beginning
    /// What remains to be done of the current experiment.
    var steps: [ProbeStep] = []
    var history = ProbeRecord()
    var findings = LimitFindings()
    var hypotheses: [Hypothesis] = []
    /// When the current experiment's first request was sent; nil before it.
    var anchor: Double?
    /// The primary client's admissions of the current experiment.
    private var admitted = 0
    /// Seconds between the responses to requests sent one after another, if they may wait in a queue.
    private var suspectedTurn: Double?
    private var pending: Volley?
    private var now = 0.0

    /// What the probe is about to find out.
    package enum Stage: Equatable, Sendable {
        /// Whether there is a limit.
        case beginning
        /// How long a recovery takes, roughly.
        case recovery
        /// How long exactly. The number counts the experiments.
        case window(Int)
        /// Which kind it is.
        case kind(Int)
        /// Whether it holds under concurrent requests.
        case exactness(Int)
        /// What the limit depends on.
        case key
        /// Whether rejected requests count. The number counts the experiments.
        case errors(Int)
        /// How fast a queue is emptied.
        case delay
        case finished
    }

    /// Whether the experiments on the kind and under concurrency are done.
    var areKindsDone = false
    /// Number of admissions without a denial after which the probe stops looking for a limit.
    private static let mostWithoutDenial = 25_000

    package init(_ options: ProbeOptions) { self.options = options }

    package var currentStage: Stage { stage }
    package var requestsSent: Int { history.count }
    package var requestsLeft: Int { max(0, options.requests - history.count) }

    /// What to do next.
    ///
    /// - Parameter now: seconds since the probe began.
    package mutating func next(at now: Double) -> Experiment {
        self.now = max(self.now, now)
        while true {
            if stage == .finished { return .finish }
            if history.hasServerError { return end(.serverError) }
            if requestsLeft == 0 { return end(.requests) }
            if self.now >= options.seconds { return end(.time) }
            if steps.isEmpty {
                plan()
                continue
            }
            if let experiment = perform() { return experiment }
        }
    }

    /// Takes the exchanges of the volley that ``next(at:)`` asked for, in the order in which they were sent.
    package mutating func record(_ exchanges: [ProbeExchange]) {
        guard let volley = pending else { return }
        pending = nil
        now = max(now, exchanges.map(\.received).max() ?? now)
        if anchor == nil, let first = exchanges.first { anchor = first.sent }
        history.append(exchanges, of: volley)
        advance(volley, exchanges)
    }

    /// Ends the probe before it is done, and draws the conclusions that the evidence allows.
    package mutating func stop() {
        if stage != .finished { _ = end(.stopped) }
    }

    /// Ends the probe and draws the conclusions.
    mutating func end(_ reason: LimitFindings.End) -> Experiment {
        stage = .finished
        steps = []
        conclude(reason)
        return .finish
    }

    /// The next request or wait of the first step; nil once the step is done.
    private mutating func perform() -> Experiment? {
        switch steps[0] {
        case .mark:
            anchor = nil
            admitted = 0
        case .rest(let seconds):
            steps[0] = .wait(until: now + seconds)
            return nil
        case .wait(let instant):
            if now < instant { return wait(until: instant) }
        case .until(let offset):
            let start = anchor ?? now
            anchor = start
            let instant = start + offset
            if now < instant { return wait(until: instant) }
        case .fill(let fill): return send(fill.volley)
        case .send(let count):
            if count > 0 { return send(Volley(client: .primary, count: count, concurrency: 1, stopsAtDenial: true)) }
        case .poll(var poll):
            if !poll.hasBegun { poll.begin(at: now - (anchor ?? 0)) }
            steps[0] = .poll(poll)
            let instant = (anchor ?? 0) + poll.next
            if now < instant { return wait(until: instant) }
            return send(.single(.primary))
        case .race(let count):
            return send(
                Volley(
                    client: .primary, count: count, concurrency: min(count, options.concurrency), stopsAtDenial: false))
        case .trial(let trial): return send(trial.volley)
        case .spend(let spending):
            if !spending.isOver { return send(spending.volley(concurrency: options.concurrency)) }
            findings.spendings.append(spending)
        }
        steps.removeFirst()
        return nil
    }

    private mutating func wait(until instant: Double) -> Experiment {
        // A wait beyond the budget would end in nothing.
        instant >= options.seconds ? end(.time) : .wait(until: instant)
    }

    private mutating func send(_ volley: Volley) -> Experiment {
        var volley = volley
        volley.count = min(volley.count, requestsLeft)
        volley.concurrency = max(1, min(volley.concurrency, volley.count))
        pending = volley
        return .send(volley)
    }

    /// Takes the result of a volley into the step that asked for it.
    private mutating func advance(_ volley: Volley, _ exchanges: [ProbeExchange]) {
        let isDenied = exchanges.contains { $0.outcome == .denied }
        defer { if volley.client == .primary { admitted += exchanges.count { $0.outcome == .admitted } } }
        switch steps[0] {
        case .fill(var fill):
            fill.note(exchanges, concurrency: volley.concurrency)
            if stage == .beginning, suspectedTurn == nil, fill.admitted >= 3, history.isDelayed(exchanges) {
                let turn = exchanges.map { $0.received - $0.sent }.max() ?? 0
                suspectedTurn = turn
                // A queue holds back some of these too. A server that is slow on connections in use does not.
                steps = [.rest(2 * turn), .race(3), .fill(fill)]
                return
            }
            if isDenied {
                if case .errors = stage, let last = findings.spendings.indices.last {
                    findings.spendings[last].left = fill.admitted
                } else {
                    history.fills.append(fill)
                }
                steps.removeFirst()
            } else if stage == .beginning, fill.admitted >= Self.mostWithoutDenial {
                _ = end(.complete)
            } else {
                steps[0] = .fill(fill)
            }
        case .poll(var poll):
            if exchanges.last?.outcome == .admitted || poll.isOver {
                history.recoveries.append(
                    ProbeRecord.Recovery(
                        denied: poll.lastDenied, admitted: (exchanges.last?.sent ?? now) - (anchor ?? 0),
                        isAdmitted: exchanges.last?.outcome == .admitted, isBracketed: poll.denials > 0))
                steps.removeFirst()
            } else {
                poll.noteDenial(at: (exchanges.last?.sent ?? now) - (anchor ?? 0), now: now - (anchor ?? 0))
                steps[0] = .poll(poll)
            }
        case .trial(var trial):
            trial.note(exchanges)
            if trial.isOver {
                findings.trials.append(trial)
                steps.removeFirst()
            } else {
                steps[0] = .trial(trial)
            }
        case .spend(var spending):
            spending.note(exchanges)
            steps[0] = .spend(spending)
        case .race where stage == .beginning:
            let longest = exchanges.filter { $0.outcome == .admitted }.map { $0.received - $0.sent }.max() ?? 0
            if let suspectedTurn, longest > 0.8 * suspectedTurn {
                steps = []
                stage = .delay
                findings.isDelayed = true
            } else {
                steps.removeFirst()
            }
        case .race:
            findings.races.append(
                LimitFindings.Race(
                    sent: exchanges.count, concurrency: volley.concurrency,
                    admitted: exchanges.count { $0.outcome == .admitted }, before: admitted))
            steps.removeFirst()
        default: steps.removeFirst()
        }
    }
}
