/// The times at which the phases of a run begin and end, on the worker's clock.
struct RunSchedule: Sendable {
    /// When the first connections are opened.
    var connect: Nanoseconds
    /// When the warm-up begins.
    var start: Nanoseconds
    var measurementStart: Nanoseconds
    /// When the measurement ends. No request is sent from then on.
    var end: Nanoseconds
    /// When waiting for responses ends.
    var graceEnd: Nanoseconds
    /// The time between the starts of consecutive virtual users, in the closed model.
    var userInterval: Nanoseconds

    /// When a virtual user of the closed model begins its first iteration.
    ///
    /// Starts are spread over the first half of the warm-up, so that the second half runs at full load.
    func start(ofUser number: Int) -> Nanoseconds { start + userInterval * UInt64(number) }

    /// Time for the threads to start, and time for the last connections to open before load begins.
    private static var leadTime: Nanoseconds { 5_000_000 }
    /// Seconds.
    private static var longestWait: Double { 366 * 86_400 }

    /// Plans the run to begin as soon as possible after `now`.
    init(_ settings: EngineSettings, now: Nanoseconds) {
        self.init(settings, begin: now + Self.ramp(settings) + 2 * Self.leadTime)
    }

    /// Plans the run to begin as soon as possible, or at the time that the settings ask for.
    /// - Throws: ``LoadError`` if too little time is left to connect all users.
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

    /// How long it takes to begin opening all connections.
    private static func ramp(_ settings: EngineSettings) -> Nanoseconds {
        Nanoseconds(settings.rampStep) * UInt64(settings.usersAtStart)
    }
}
