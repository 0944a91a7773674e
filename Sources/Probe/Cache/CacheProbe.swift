/// Finds out what the cache in front of a read endpoint does, from the outside.
///
/// A state machine without I/O and without a clock: ``next(at:)`` says what to do, ``record(_:)`` takes what came of it.
/// Time is in seconds since the probe began. Nobody else may write or read the resource meanwhile.
package struct CacheProbe: Sendable {
    package let options: CacheProbeOptions
    var stage = CacheStage.freshness(0)
    /// What remains to be done of the current experiment.
    var steps: [CacheStep] = []
    var trial: CacheTrial?
    var history = CacheRecord()
    var findings = CacheFindings()
    var signal: HitSignal?
    var backoff = CacheBackoff()
    private(set) var now = 0.0
    private var pending: CacheVolley?
    private var lastWrite = 0

    package init(_ options: CacheProbeOptions) { self.options = options }

    package var currentStage: CacheStage { stage }
    package var requestsSent: Int { history.count }
    package var requestsLeft: Int { max(0, options.requests - history.count) }
    /// What has been found out; complete once the probe has finished.
    package var result: CacheFindings { findings }

    /// How many failures in succession end the probe.
    private static let mostFailures = 5

    /// What to do next.
    ///
    /// - Parameter now: seconds since the probe began.
    package mutating func next(at now: Double) -> CacheExperiment {
        self.now = max(self.now, now)
        while true {
            if stage == .finished { return .finish }
            if history.hasServerError { return end(.serverError) }
            if history.failures >= Self.mostFailures { return end(.rejected) }
            if requestsLeft == 0 { return end(.requests) }
            if self.now >= options.seconds { return end(.time) }
            if self.now < backoff.until { return wait(until: backoff.until) }
            if steps.isEmpty {
                closeTrial()
                plan()
                continue
            }
            if let experiment = perform() { return experiment }
        }
    }

    /// Takes the exchanges of the volley that ``next(at:)`` asked for, in the order of its requests.
    package mutating func record(_ exchanges: [CacheExchange]) {
        guard let volley = pending, let step = steps.first else { return }
        pending = nil
        now = max(now, exchanges.map(\.received).max() ?? now)
        let sightings = history.append(exchanges)
        backoff.note(exchanges)
        let isDenied = exchanges.contains { $0.outcome == .denied }
        if isDenied, !volley.isTogether { return }
        if isDenied || exchanges.contains(where: { $0.outcome == .failed }) { trial?.isVoid = true }
        steps.removeFirst()
        for (exchange, sighting) in zip(exchanges, sightings) { trial?.note(step.role, exchange, sighting) }
        advance(step, exchanges, sightings)
    }

    /// Ends the probe before it is done, and draws the conclusions that the evidence allows.
    package mutating func stop() {
        if stage != .finished { _ = end(.stopped) }
    }

    /// Ends the probe and draws the conclusions.
    mutating func end(_ reason: CacheFindings.End) -> CacheExperiment {
        closeTrial()
        stage = .finished
        steps = []
        conclude(reason)
        return .finish
    }

    /// Begins an experiment. After denials, it waits until a few requests are admitted again.
    mutating func begin(_ kind: CacheTrial.Kind, _ steps: [CacheStep]) {
        trial = CacheTrial(kind)
        self.steps = (backoff.recovery > 0 ? [.rest(backoff.recovery)] : []) + steps
    }

    private mutating func closeTrial() {
        if let trial { history.trials.append(trial) }
        trial = nil
    }

    mutating func nextWrite() -> CacheAction {
        lastWrite += 1
        return .write(lastWrite)
    }

    func wait(until instant: Double) -> CacheExperiment { .wait(until: min(instant, options.seconds)) }

    mutating func send(_ requests: [CacheRequest], isTogether: Bool = false) -> CacheExperiment {
        guard requests.count <= requestsLeft else { return end(.requests) }
        let volley = CacheVolley(requests: requests, isTogether: isTogether)
        pending = volley
        return .send(volley)
    }
}
