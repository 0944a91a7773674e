/// Decides, for one thread of the closed model, whether to wake up for each response or to rest and read several at once.
///
/// When the server runs on the same machine, waking a sleeping thread costs it up to a tenth of its throughput. Resting
/// avoids most of these wake-ups, as interrupt coalescing does for network interfaces. But a response that arrives during
/// a rest is read late, so the measured times of fast responses rise even where throughput rises too. Batching is
/// therefore off unless it is requested.
///
/// Spans with and without rests alternate from time to time, and the mode with more responses per second is kept.
struct WakeUpBatching: Sendable {
    enum Mode: Sendable { case prompt, batched }

    /// How the thread waits in the current span.
    private(set) var mode = Mode.prompt
    /// Recent responses per second in each mode; nil where the mode has not been tried.
    private var prompt: Double?
    private var batched: Double?
    private let threshold: Double

    /// Whether the mode is on trial, and for how many more spans it stays.
    private var isTrial = false
    private var remaining = Self.trial
    private var interval = Self.shortestInterval

    /// How long a thread rests. Waking up from a rest may take as long again.
    static var rest: Nanoseconds { 30_000 }
    /// Below this many responses per second, a rest rarely collects two of them.
    static var worthwhileRate: Double { 40_000 }
    /// The same goes for fewer requests in flight than this.
    static var fewestInFlight: Int { 12 }
    /// The length of a trial in spans.
    static var trial: Int { 2 }
    /// Spans between trials. The interval doubles with each trial that changes nothing.
    static var shortestInterval: Int { 32 }
    static var longestInterval: Int { 512 }

    /// - Parameter threshold: the rate of one thread, in responses per second, from which batching is tried.
    init(from threshold: Double) {
        self.threshold = threshold
    }

    private var better: Mode { (batched ?? 0) > (prompt ?? 0) ? .batched : .prompt }

    /// Ends a span and chooses the mode of the next.
    mutating func endSpan(responses: Int, lasting time: Nanoseconds, inFlight: Int) {
        guard time > 0 else { return }
        let rate = Double(responses) * 1e9 / Double(time)
        if inFlight < Self.fewestInFlight || (mode == .prompt && rate < threshold) {
            self = WakeUpBatching(from: threshold)
            return
        }
        switch mode {
        case .prompt: Self.note(rate, in: &prompt)
        case .batched: Self.note(rate, in: &batched)
        }
        remaining -= 1
        if isTrial {
            if remaining == 0 { keep(better) }
        } else if remaining == 0 || better != mode {
            tryOther()
        }
    }

    private mutating func keep(_ winner: Mode) {
        interval = winner == mode ? Self.shortestInterval : min(2 * interval, Self.longestInterval)
        (mode, isTrial, remaining) = (winner, false, interval)
    }

    /// Starts a trial of the other mode. Its old rate is stale, so it is measured anew.
    private mutating func tryOther() {
        (isTrial, remaining) = (true, Self.trial)
        switch mode {
        case .prompt: (mode, batched) = (.batched, nil)
        case .batched: (mode, prompt) = (.prompt, nil)
        }
    }

    /// Updates an exponential moving average: a span weighs half as much four spans later.
    private static func note(_ rate: Double, in mean: inout Double?) {
        mean = mean.map { $0 + (rate - $0) * 0.16 } ?? rate
    }
}
