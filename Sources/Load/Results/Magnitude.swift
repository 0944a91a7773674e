import Histogram

/// Adds up numbers from a file and rejects those that would overflow later.
///
/// Each must be at least 0 and their total at most 2⁶⁰. Then no sum of some of them, or of two results, can overflow.
struct Magnitude {
    private static var limit: UInt64 { 1 << 60 }

    private(set) var sum: UInt64 = 0
    private(set) var isAcceptable = true

    mutating func add(_ number: Int) {
        guard number >= 0 else { return isAcceptable = false }
        add(UInt64(number))
    }

    mutating func add(_ number: UInt64) {
        guard number <= Self.limit - sum else { return isAcceptable = false }
        sum += number
    }

    /// Checks a rate, which must be finite and at least 0.
    mutating func add(rate: Double) {
        if !(rate >= 0 && rate <= Double(Self.limit)) { isAcceptable = false }
    }
}

extension LoadResult {
    /// The sum of the result's numbers; nil if they are not valid counts.
    var magnitude: UInt64? {
        var numbers = Magnitude()
        numbers.add(virtualUsers)
        numbers.add(maximumRequests ?? 0)
        for time in [warmUp, duration, measured] { numbers.add(time) }
        for rate in [offeredRate] + (model.rates ?? []) { numbers.add(rate: rate) }
        for count in [offered, arrivalsWithoutUser, bunchedArrivals] { numbers.add(count) }
        for times in [lag.server, lag.generator, lag.receive] { numbers.add(times.totalCount) }
        for count in reconnects { numbers.add(count.count) }
        for thread in generator.threads {
            for time in [thread.user, thread.system, thread.wakeUpBatching, thread.watched] { numbers.add(time) }
        }
        for step in steps { step.add(to: &numbers) }
        for second in seconds { second.add(to: &numbers) }
        return numbers.isAcceptable && startedAt.magnitude < 1e12 ? numbers.sum : nil
    }
}

extension LoadStepResult {
    fileprivate func add(to numbers: inout Magnitude) {
        for group in [all] + classes {
            for count in [group.count, group.late, group.bytes] { numbers.add(count) }
            numbers.add(rate: group.rate)
            for times in [group.times.response, group.times.service] { numbers.add(times.totalCount) }
        }
        for count in statuses.values { numbers.add(count) }
        numbers.add(failedResponses)
        for failure in failures { numbers.add(failure.count) }
        for tally in errors.values { numbers.add(tally.count) }
        for count in unfinished.values { numbers.add(count) }
        for times in [censored.response, censored.adjustedResponse, censored.service] { numbers.add(times.totalCount) }
        if let admission {
            numbers.add(admission.times.totalCount)
            numbers.add(admission.waiting)
        }
    }
}

extension SecondSummary {
    fileprivate func add(to numbers: inout Magnitude) {
        let counts = [second, offered, begun, responses, bytes, errors, failedResponses]
        for count in counts + classes + Array(statuses.values) { numbers.add(count) }
    }
}
