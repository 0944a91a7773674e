import Histogram

/// The counts of one thread that has ended.
struct Recording: Sendable {
    /// The precision of all its times.
    let digits: SignificantDigits
    var counters: [ResponseCounter] = []
    var timings: [Timing] = []
    var timingKeys: [TimingKey] = []
    var errors: [FailureKey: Tally] = [:]
    /// By step.
    var censored: [Int: CensoredTimes] = [:]
    var unfinished: [UnfinishedKey: Int] = [:]
    /// By step.
    var admissions: [Int: AdmissionTimes] = [:]
    var reconnects: [ReconnectReason: Int] = [:]
    var examples: [AssertionKey: String] = [:]
    var arrivals = ArrivalCounts()
    var lag: Lag

    /// The times of all responses of a step whose classes satisfy `isIncluded`.
    func times(step: Int, where isIncluded: (UInt64) -> Bool = { _ in true }) -> Timing {
        let members = timings.indices.filter { timingKeys[$0].step == step && isIncluded(timingKeys[$0].classes) }
        guard let first = members.first else { return Timing(digits) }
        return members.dropFirst().reduce(into: timings[first]) { $0.add(timings[$1]) }
    }

    /// Adds the counts of another thread.
    mutating func add(_ other: Recording) {
        let offset = timings.count
        timings += other.timings
        timingKeys += other.timingKeys
        counters += other.counters.map { $0.moved(timingBy: offset) }
        errors.merge(other.errors) { Tally(count: $0.count + $1.count, example: $0.example) }
        reconnects.merge(other.reconnects, uniquingKeysWith: +)
        examples.merge(other.examples) { first, _ in first }
        for (step, times) in other.censored { censored[step, default: CensoredTimes(digits)].add(times) }
        unfinished.merge(other.unfinished, uniquingKeysWith: +)
        let digits = digits
        for (step, times) in other.admissions {
            admissions[step, default: AdmissionTimes(times: .times(digits))].add(times)
        }
        arrivals.add(other.arrivals)
        lag.add(other.lag)
    }
}

extension ResponseCounter {
    fileprivate func moved(timingBy offset: Int) -> ResponseCounter {
        var moved = ResponseCounter(key: key, timing: timing + offset)
        moved.count = count
        moved.late = late
        moved.bytes = bytes
        return moved
    }
}

/// The results that a thread returns when it ends.
struct WorkerReport: Sendable {
    var recording: Recording
    /// CPU time within the measurement.
    var usage: ThreadUsage
    /// How long this thread measured.
    var measured: Nanoseconds
    /// The number of virtual users that existed.
    var virtualUsers: Int
}
