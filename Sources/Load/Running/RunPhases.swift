/// Which phase of the run a thread is in, and what changes next. A pure value: its owner reads the clock.
struct RunPhases {
    enum Phase: UInt8 { case warmUp, measurement, grace }

    /// What the owner must do before anything later is counted.
    enum Change: Equatable { case measurementBegins, secondEnds, measurementEnds }

    let schedule: RunSchedule
    private(set) var phase = Phase.warmUp
    /// When the next change is due, or when the grace period ends.
    private(set) var nextChange: Nanoseconds
    /// How long the thread measured. Set when the measurement ends.
    private(set) var measured: Nanoseconds = 0
    /// When the current second of the measurement ends.
    private var secondEnd = Nanoseconds.max

    static var second: Nanoseconds { 1_000_000_000 }

    init(_ schedule: RunSchedule) {
        self.schedule = schedule
        nextChange = schedule.measurementStart
    }

    /// Whether the measurement has begun.
    var isMeasuring: Bool { phase != .warmUp }
    /// Whether the measurement has ended and only responses are awaited.
    var isDraining: Bool { phase == .grace }

    /// The change that is due; nil if there is none.
    func change(at now: Nanoseconds) -> Change? {
        switch phase {
        case .warmUp: now >= schedule.measurementStart ? .measurementBegins : nil
        case .measurement:
            if now >= secondEnd, secondEnd <= schedule.end {
                .secondEnds
            } else {
                now >= schedule.end ? .measurementEnds : nil
            }
        case .grace: nil
        }
    }

    mutating func beginMeasurement() {
        phase = .measurement
        secondEnd = schedule.measurementStart + Self.second
        nextChange = min(secondEnd, schedule.end)
    }

    mutating func endSecond() {
        secondEnd += Self.second
        nextChange = min(secondEnd, schedule.end)
    }

    /// Ends the measurement at the scheduled time, or earlier.
    /// - Returns: the length of the second that had begun; 0 if none had.
    mutating func endMeasurement(at end: Nanoseconds) -> Nanoseconds {
        phase = .grace
        nextChange = schedule.graceEnd
        measured = end - schedule.measurementStart
        let begun = secondEnd - Self.second
        return end > begun ? end - begun : 0
    }

    /// The time since the measurement began; 0 before it.
    func sinceStart(_ instant: Nanoseconds) -> Nanoseconds { instant - min(instant, schedule.measurementStart) }
}
