import Histogram

/// The counters of one thread. Only its thread uses it; recordings are merged when the threads have ended.
struct Recorder: ~Copyable {
    private(set) var counters: [ResponseCounter] = []
    private var timings: [TimingCounts] = []
    private(set) var timingKeys: [TimingKey] = []
    private(set) var errors: [FailureKey: Tally] = [:]
    private(set) var reconnects: [ReconnectReason: Int] = [:]
    /// The first example of each failed assertion.
    private(set) var examples: [AssertionKey: String] = [:]
    private var indices: [ResponseKey: Int32] = [:]

    private let classes: Int
    private let digits: SignificantDigits
    private var second = 0
    private let secondTimes = TimeCounts()
    private var secondBytes = 0
    private var secondErrors = 0
    private var secondOffered = 0
    private var arrivals = ArrivalCounts()
    private let generatorLag = TimeCounts()
    private let serverLag = TimeCounts()
    private let receiveLag = TimeCounts()
    private var censored: [Int: CensoredTimes] = [:]
    private var unfinished: [UnfinishedKey: Int] = [:]
    /// By step.
    private var admissions: [Int: AdmissionTimes] = [:]

    /// - Parameter digits: the precision of the recorded times.
    init(classes: Int, digits: SignificantDigits = .three) {
        self.classes = classes
        self.digits = digits
    }

    deinit {
        for timing in timings { timing.deallocate() }
        for counts in [secondTimes, generatorLag, serverLag, receiveLag] { counts.deallocate() }
    }

    /// The index of the counter for a response. Allocates for a new key; a step has few different ones.
    mutating func counter(_ key: ResponseKey) -> Int32 {
        if let known = indices[key] { return known }
        let timingKey = TimingKey(step: key.step, classes: key.verdict.classes)
        let timing = timingKeys.firstIndex(of: timingKey) ?? addTiming(timingKey)
        let index = Int32(counters.count)
        counters.append(ResponseCounter(key: key, timing: timing))
        indices[key] = index
        return index
    }

    private mutating func addTiming(_ key: TimingKey) -> Int {
        timingKeys.append(key)
        timings.append(TimingCounts())
        return timings.count - 1
    }

    /// Counts a response. Allocates nothing.
    /// - Parameters:
    ///   - sendLag: the part of the response time that the generator caused by sending the request late.
    ///   - receiveLag: the part of both times that the generator caused by reading the response late.
    ///   - isLate: whether the response arrived after the end of the measurement. Its times are samples, but rates and
    ///     the per-second series exclude it.
    @inline(__always)
    mutating func record(
        _ counter: Int32, responseTime: Nanoseconds, serviceTime: Nanoseconds, sendLag: Nanoseconds,
        receiveLag: Nanoseconds, bytes: Int, isLate: Bool
    ) {
        let index = Int(counter)
        counters[index].count &+= 1
        counters[index].bytes &+= bytes
        timings[counters[index].timing].record(
            responseTime: responseTime, serviceTime: serviceTime, sendLag: sendLag, receiveLag: receiveLag)
        if isLate {
            counters[index].late &+= 1
            return
        }
        secondTimes.record(responseTime)
        secondBytes &+= bytes
    }

    /// Counts a failed exchange.
    /// - Parameter elapsed: nil if no request was lost, because a connection failed on which none was due.
    mutating func record(_ failure: ExchangeFailure, step: Int, elapsed: Elapsed?) {
        errors[FailureKey(step: step, kind: failure.kind), default: Tally(count: 0, example: failure.detail)].count += 1
        secondErrors += 1
        if let elapsed { recordCensored(step, elapsed) }
    }

    /// Counts a request that was due but has no response at the end of the run.
    mutating func recordUnfinished(step: Int, elapsed: Elapsed, reason: UnfinishedReason) {
        unfinished[UnfinishedKey(step: step, reason: reason), default: 0] += 1
        recordCensored(step, elapsed)
    }

    private mutating func recordCensored(_ step: Int, _ elapsed: Elapsed) {
        let digits = digits
        censored[step, default: CensoredTimes(digits)].record(elapsed)
    }

    /// Records how long a request that was denied at first waited until it was admitted.
    mutating func recordAdmission(step: Int, after time: Nanoseconds) {
        let digits = digits
        admissions[step, default: AdmissionTimes(times: .times(digits))].times.record(time: time)
    }

    /// Counts a request that was denied, and is still waiting at the end of the run.
    mutating func recordDenied(step: Int) {
        let digits = digits
        admissions[step, default: AdmissionTimes(times: .times(digits))].waiting += 1
    }

    /// Counts an arrival of the open model that has become due.
    /// - Parameter due: when it was due, measured from the start of the measurement.
    @inline(__always)
    mutating func recordArrival(due: Nanoseconds, _ fate: ArrivalFate) {
        arrivals.record(due: due, fate)
        secondOffered &+= 1
    }

    /// Records how late a request was sent that was due by the clock.
    @inline(__always)
    mutating func record(generatorLag: Nanoseconds) { self.generatorLag.record(generatorLag) }

    /// Records how long a request waited for a virtual user or its connection.
    @inline(__always)
    mutating func record(serverLag: Nanoseconds) { self.serverLag.record(serverLag) }

    /// Records how long a response waited unread in its socket.
    @inline(__always)
    mutating func record(receiveLag: Nanoseconds) { self.receiveLag.record(receiveLag) }

    mutating func record(_ reason: ReconnectReason) {
        reconnects[reason, default: 0] += 1
    }

    /// Stores the first example of a failed assertion.
    mutating func exemplify(_ key: AssertionKey, _ explanation: String) {
        examples[key] = explanation
    }

    /// Hands over the current second and begins the next.
    /// - Parameter duration: less than a second for the last one.
    mutating func tick(to series: SecondSeries, lasting duration: Nanoseconds) {
        var contribution = SecondContribution(
            second: second, duration: duration, classes: Array(repeating: 0, count: classes))
        contribution.bytes = secondBytes
        contribution.errors = secondErrors
        contribution.offered = secondOffered
        for index in counters.indices {
            let counter = counters[index]
            let count = counter.count - counter.late - counter.countAtTick
            guard count > 0 else { continue }
            counters[index].countAtTick += count
            contribution.responses += count
            contribution.kinds[timingKeys[counter.timing], default: 0] += count
            if counter.key.verdict.failures != 0 { contribution.failedResponses += count }
            contribution.statuses[Int(counter.key.status), default: 0] += count
            for bit in 0..<classes where counter.key.verdict.classes >> UInt64(bit) & 1 == 1 {
                contribution.classes[bit] += count
            }
        }
        var times = SecondSeries.histogram()
        secondTimes.add(to: &times)
        series.add(contribution, times: times)
        second += 1
        clearSecond()
    }

    /// Announces that this thread has no more seconds.
    func end(_ series: SecondSeries) { series.end(after: second) }

    /// Resets all counters after the warm-up. They keep their indices, and examples are kept too, because a
    /// remembered verdict is not explained again.
    mutating func clear() {
        for index in counters.indices {
            counters[index].count = 0
            counters[index].late = 0
            counters[index].bytes = 0
            counters[index].countAtTick = 0
        }
        for timing in timings { timing.reset() }
        for counts in [generatorLag, serverLag, receiveLag] { counts.reset() }
        arrivals = ArrivalCounts()
        censored = [:]
        unfinished = [:]
        admissions = [:]
        errors = [:]
        reconnects = [:]
        clearSecond()
    }

    /// All counts as a value that can be merged with other threads'.
    func recording() -> Recording {
        var lag = Lag(digits)
        generatorLag.add(to: &lag.generator)
        serverLag.add(to: &lag.server)
        receiveLag.add(to: &lag.receive)
        return Recording(
            digits: digits, counters: counters.filter { $0.count > 0 }, timings: timings.map { $0.timing(digits) },
            timingKeys: timingKeys,
            errors: errors, censored: censored, unfinished: unfinished, admissions: admissions, reconnects: reconnects,
            examples: examples, arrivals: arrivals, lag: lag)
    }

    private mutating func clearSecond() {
        secondTimes.reset()
        secondBytes = 0
        secondErrors = 0
        secondOffered = 0
    }
}

/// Why there was a reconnect.
package enum ReconnectReason: Hashable, Sendable {
    /// The server closed it in an orderly way, after a response or while it was idle.
    case closedByServer
    /// An exchange on it failed.
    case failed(ErrorKind)
}

extension CensoredTimes {
    /// Empty histograms with this many digits.
    init(_ digits: SignificantDigits) {
        let empty = TimeHistogram.times(digits)
        self.init(response: empty, adjustedResponse: empty, service: empty)
    }
}

extension Lag {
    /// Empty histograms with this many digits.
    init(_ digits: SignificantDigits) {
        self.init(server: .times(digits), generator: .times(digits), receive: .times(digits))
    }
}

struct AssertionKey: Hashable, Sendable {
    var step: Int
    var assertion: Int
}
