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
    private var spans = 0
    private let threshold: Double

    /// How long a thread rests. Waking up from it may take as long again.
    static var rest: Nanoseconds { 30_000 }
    /// With fewer answers a second a rest has no two of them to bring together.
    static var worthwhileRate: Double { 40_000 }
    /// One span of so many is for the manner that is not kept to.
    static var spansBetweenTrials: Int { 32 }

    /// - Parameter threshold: answers a second of one thread from which on it is tried.
    init(from threshold: Double) {
        self.threshold = threshold
    }

    /// Ends a span, and decides on the next.
    mutating func endSpan(answers: Int, lasting time: Nanoseconds) {
        guard time > 0 else { return }
        let rate = Double(answers) * 1e9 / Double(time)
        guard rate >= threshold else {
            self = WakeupCoalescing(from: threshold)
            return
        }
        switch manner {
        case .prompt: Self.note(rate, in: &prompt)
        case .coalesced: Self.note(rate, in: &coalesced)
        }
        spans += 1
        let isTrial = spans.isMultiple(of: Self.spansBetweenTrials)
        let isCoalescedBetter = (coalesced ?? .infinity) > (prompt ?? 0)
        manner = isCoalescedBetter != isTrial ? .coalesced : .prompt
    }

    /// The mean, in which a span counts for half of what it did four spans ago.
    private static func note(_ rate: Double, in mean: inout Double?) {
        mean = mean.map { $0 + (rate - $0) * 0.16 } ?? rate
    }
}
