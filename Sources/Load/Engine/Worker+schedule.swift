import Glibc

extension Worker.Schedule {
    /// Time in which the threads set up, and in which the last connections are made before load begins.
    private static var leadTime: Nanoseconds { 5_000_000 }
    /// Seconds.
    private static var longestWait: Double { 366 * 86_400 }

    /// Lays the run out from now on, or so that it begins when it is asked to.
    /// - Throws: ``LoadError`` where there is no time left to connect all users before the run is to begin.
    init(_ settings: EngineSettings) throws(LoadError) {
        let now = MonotonicClock.now()
        let ramp = Nanoseconds(settings.rampStep) * UInt64(settings.virtualUsers)
        var begin = now + ramp + 2 * Self.leadTime
        if let instant = settings.startAt {
            let wait = instant - LoadRun.wallClock()
            guard wait * 1e9 >= Double(begin - now) else {
                throw .invalid(
                    setting: "start",
                    reason: wait < 0
                        ? "that was \(Int((-wait).rounded(.up))) s ago; setup may have taken longer than there was time for"
                        : "connecting \(settings.virtualUsers) users takes \(Double(begin - now) / 1e9) s, and only \(wait) s are left"
                )
            }
            guard wait < Self.longestWait else {
                throw .invalid(setting: "start", reason: "that is more than a year off")
            }
            begin = now + Nanoseconds(wait * 1e9)
        }
        connect = begin - ramp - Self.leadTime
        start = begin
        measurementStart = begin + Nanoseconds(settings.warmUp)
        end = measurementStart + Nanoseconds(settings.duration)
    }
}
