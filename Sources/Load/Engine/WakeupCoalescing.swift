/// Whether a thread of the closed model wakes up for each answer, or rests a little and takes what has come meanwhile.
///
/// A thread that sleeps until a socket is ready is woken by the server, and on one machine at the server's cost: up to
/// a tenth of what a fast one can do. Network interfaces coalesce interrupts for the same reason. But an answer that
/// waits in its socket is seen late, so wake-ups are coalesced only where that makes answers come *faster*: spans of
/// time in both manners alternate now and then, and the one with more answers a second is kept to. In the closed model
/// more answers a second are a lower mean response time (Little's law), so that what is measured comes nearer to what
/// the server can do, and never goes further from it.
struct WakeupCoalescing: Sendable {
    enum Manner: Sendable { case prompt, coalesced }

    /// How the thread waits in the current span.
    private(set) var manner = Manner.prompt
    /// Answers a second, of late, in either manner; nil where it has not been tried.
    private var prompt: Double?
    private var coalesced: Double?
    private let threshold: Double

    /// Whether the manner is on trial, and for how many spans more it stays.
    private var isTrial = false
    private var remaining = Self.trial
    private var interval = Self.shortestInterval

    /// How long a thread rests. Waking up from it may take as long again.
    static var rest: Nanoseconds { 30_000 }
    /// With fewer answers a second a rest has no two of them to bring together.
    static var worthwhileRate: Double { 40_000 }
    /// Nor has it with fewer requests under way.
    static var fewestInFlight: Int { 12 }
    /// How many spans a trial has.
    static var trial: Int { 2 }
    /// Spans from one trial to the next. They double with each trial that changes nothing.
    static var shortestInterval: Int { 32 }
    static var longestInterval: Int { 512 }

    /// - Parameter threshold: answers a second of one thread from which on it is tried.
    init(from threshold: Double) {
        self.threshold = threshold
    }

    private var better: Manner { (coalesced ?? 0) > (prompt ?? 0) ? .coalesced : .prompt }

    /// Ends a span, and decides on the next.
    mutating func endSpan(answers: Int, lasting time: Nanoseconds, inFlight: Int) {
        guard time > 0 else { return }
        let rate = Double(answers) * 1e9 / Double(time)
        if inFlight < Self.fewestInFlight || (manner == .prompt && rate < threshold) {
            self = WakeupCoalescing(from: threshold)
            return
        }
        switch manner {
        case .prompt: Self.note(rate, in: &prompt)
        case .coalesced: Self.note(rate, in: &coalesced)
        }
        remaining -= 1
        if isTrial {
            if remaining == 0 { keep(better) }
        } else if remaining == 0 || better != manner {
            tryOther()
        }
    }

    private mutating func keep(_ winner: Manner) {
        interval = winner == manner ? Self.shortestInterval : min(2 * interval, Self.longestInterval)
        (manner, isTrial, remaining) = (winner, false, interval)
    }

    /// What is known of the other manner is of old: it begins anew.
    private mutating func tryOther() {
        (isTrial, remaining) = (true, Self.trial)
        switch manner {
        case .prompt: (manner, coalesced) = (.coalesced, nil)
        case .coalesced: (manner, prompt) = (.prompt, nil)
        }
    }

    /// The mean, in which a span counts for half of what it did four spans ago.
    private static func note(_ rate: Double, in mean: inout Double?) {
        mean = mean.map { $0 + (rate - $0) * 0.16 } ?? rate
    }
}
