/// Everything that is counted of a response, as one value: responses that share it share one counter.
struct OutcomeKey: Hashable, Sendable {
    var step: Int
    var status: UInt16
    var verdict: Verdict
}

/// How often an outcome was seen. Counts by step, class, status and failed assertion are all sums over outcomes, made
/// at the end; while the load runs each response increments one counter.
struct Outcome: Sendable {
    let key: OutcomeKey
    /// Which histogram its times go to: there is one for each step and set of classes.
    let timing: Int
    var count = 0
    /// How many of them came after the end of the measurement.
    var late = 0
    var bytes = 0
    /// `count`, without those that were late, when the current second began.
    var countAtTick = 0
}

struct TimingKey: Hashable, Sendable {
    var step: Int
    var classes: UInt64
}

/// One exchange of a step that failed in some way.
struct FailureKey: Hashable, Sendable {
    var step: Int
    var kind: ErrorKind
}

/// Requests of a step that are unfinished for one reason.
struct UnfinishedKey: Hashable, Sendable {
    var step: Int
    var reason: UnfinishedReason
}

/// How often something went wrong, and how it looked the first time.
package struct Tally: Equatable, Codable, Sendable {
    package var count: Int
    package var example: String
}
