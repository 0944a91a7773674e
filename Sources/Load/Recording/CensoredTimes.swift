import Histogram

/// How long a request had waited for its response when it failed or the run ended.
///
/// The true response time is unknown but at least this long: the request is a right-censored sample.
struct Elapsed: Equatable, Sendable {
    var sinceIntended: Nanoseconds
    /// Nil if the request was never sent. It is then not a sample of the service time.
    var sinceSent: Nanoseconds?
    /// The part of `sinceIntended` that the generator caused by sending late.
    var sendLag: Nanoseconds = 0
}

/// The right-censored samples of one step: failed and unfinished requests.
package struct CensoredTimes: Equatable, Sendable {
    /// Time elapsed since intended.
    package var response = TimeHistogram.times()
    /// The same, less the generator's send lag.
    package var adjustedResponse = TimeHistogram.times()
    /// Time elapsed since sent.
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
