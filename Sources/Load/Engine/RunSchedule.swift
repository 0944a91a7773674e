/// When a run's parts begin and end, on the worker's clock.
struct RunSchedule: Sendable {
    /// Connections begin to be made.
    var connect: Nanoseconds
    /// The warm-up begins.
    var start: Nanoseconds
    var measurementStart: Nanoseconds
    /// The measurement ends: no request is sent any more.
    var end: Nanoseconds
    /// Responses are awaited no longer.
    var graceEnd: Nanoseconds
    /// From the start of one virtual user to that of the next, in the closed model.
    var userInterval: Nanoseconds

    /// When a virtual user of the closed model begins its first iteration: one after the other over the first half of the
    /// warm-up, so that the second half is at full load.
    func start(ofUser number: Int) -> Nanoseconds { start + userInterval * UInt64(number) }

    /// Time in which the threads set up, and in which the last connections are made before load begins.
    private static var leadTime: Nanoseconds { 5_000_000 }
    /// Seconds.
    private static var longestWait: Double { 366 * 86_400 }

    /// Lays the run out from `now` on.
    init(_ settings: EngineSettings, now: Nanoseconds) {
        self.init(settings, begin: now + Self.ramp(settings) + 2 * Self.leadTime)
    }

    /// Lays the run out from now on, or so that it begins when it is asked to.
    /// - Throws: ``LoadError`` where there is no time left to connect all users before the run is to begin.
    init(_ settings: EngineSettings) throws(LoadError) {
        let now = MonotonicClock.now()
        self.init(settings, now: now)
        guard let instant = settings.startAt else { return }
        let wait = instant - MonotonicClock.wallTime()
        guard wait * 1e9 >= Double(start - now) else {
            throw .invalid(
                setting: "start",
                reason: wait < 0
                    ? "that time passed \(Int((-wait).rounded(.up))) s ago; setup may have taken too long"
                    : "connecting \(settings.usersAtStart) virtual users takes \(Double(start - now) / 1e9) s, but only \(wait) s are left"
            )
        }
        guard wait < Self.longestWait else {
            throw .invalid(setting: "start", reason: "that time is more than a year away")
        }
        self.init(settings, begin: now + Nanoseconds(wait * 1e9))
    }

    private init(_ settings: EngineSettings, begin: Nanoseconds) {
        connect = begin - Self.ramp(settings) - Self.leadTime
        start = begin
        measurementStart = begin + Nanoseconds(settings.warmUp)
        end = measurementStart + Nanoseconds(settings.duration)
        graceEnd = end + Nanoseconds(settings.grace)
        userInterval =
            settings.model.isOpen ? 0 : Nanoseconds(settings.warmUp) / 2 / UInt64(max(settings.virtualUsers, 1))
    }

    /// How long it takes to begin all connections.
    private static func ramp(_ settings: EngineSettings) -> Nanoseconds {
        Nanoseconds(settings.rampStep) * UInt64(settings.usersAtStart)
    }
}
