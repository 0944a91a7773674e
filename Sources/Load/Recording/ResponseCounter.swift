/// Everything that is counted of a response, as one value. Responses with equal values share one counter.
struct ResponseKey: Hashable, Sendable {
    var step: Int
    var status: UInt16
    var verdict: Verdict
}

/// A counter for the responses with one key.
///
/// Counts by step, class, status and failed assertion are sums over these counters, computed at the end. During the
/// load each response increments one counter.
struct ResponseCounter: Sendable {
    let key: ResponseKey
    /// The index of the histogram for its times. There is one for each step and set of classes.
    let timing: Int
    var count = 0
    /// How many of them arrived after the end of the measurement.
    var late = 0
    var bytes = 0
    /// `count`, less the late responses, when the current second began.
    var countAtTick = 0
}

struct TimingKey: Hashable, Sendable {
    var step: Int
    var classes: UInt64
}

/// Failed exchanges of a step, by kind of error.
struct FailureKey: Hashable, Sendable {
    var step: Int
    var kind: ErrorKind
}

/// Unfinished requests of a step, by reason.
struct UnfinishedKey: Hashable, Sendable {
    var step: Int
    var reason: UnfinishedReason
}

/// How often an error occurred, with the first occurrence as an example.
package struct Tally: Equatable, Codable, Sendable {
    package var count: Int
    package var example: String
}
