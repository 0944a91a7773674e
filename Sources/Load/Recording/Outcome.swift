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
    var bytes = 0
    /// `count` when the current second began.
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

/// How often something went wrong, and how it looked the first time.
package struct Tally: Equatable, Codable, Sendable {
    package var count: Int
    package var example: String
}
