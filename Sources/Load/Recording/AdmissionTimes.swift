import Histogram

/// How long requests that a rate limit denied at first waited until they were admitted.
package struct AdmissionTimes: Equatable, Sendable {
    /// From the time at which a request was meant to be sent for the first time, to the response that admitted it.
    package var times: TimeHistogram
    /// Requests that were still waiting at the end of the run.
    package var waiting = 0

    package init(times: TimeHistogram, waiting: Int = 0) {
        self.times = times
        self.waiting = waiting
    }

    mutating func add(_ other: AdmissionTimes) {
        times.add(other.times)
        waiting += other.waiting
    }
}
