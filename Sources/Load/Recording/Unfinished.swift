import Histogram

/// Where a request that was due was left without a response at the end of the run.
package enum UnfinishedReason: String, CaseIterable, Codable, Sendable {
    /// Sent, and not answered.
    case inFlight
    /// No virtual user was free.
    case waitingForUser
    /// Its connection was being made.
    case waitingForConnection
}

/// How long a request had gone without a response when it failed, or when the run ended.
///
/// Its response time is not known, but it is no shorter: the request is a right-censored sample.
struct Elapsed: Equatable, Sendable {
    var sinceIntended: Nanoseconds
    /// Nil if it was never sent. It is then not a sample of the service time.
    var sinceSent: Nanoseconds?
    /// Of the time since it was intended, what the generator caused by sending it late.
    var sendLag: Nanoseconds = 0
}

/// The right-censored samples of one step: requests that failed and requests that are unfinished.
package struct CensoredTimes: Equatable, Sendable {
    /// Elapsed since intended.
    package var response = TimeHistogram.times()
    /// The same less the generator's send lag.
    package var adjustedResponse = TimeHistogram.times()
    /// Elapsed since sent.
    package var service = TimeHistogram.times()

    mutating func record(_ elapsed: Elapsed) {
        response.record(time: elapsed.sinceIntended)
        adjustedResponse.record(time: elapsed.sinceIntended - min(elapsed.sendLag, elapsed.sinceIntended))
        if let sinceSent = elapsed.sinceSent { service.record(time: sinceSent) }
    }

    mutating func add(_ other: CensoredTimes) {
        response.add(other.response)
        adjustedResponse.add(other.adjustedResponse)
        service.add(other.service)
    }
}
