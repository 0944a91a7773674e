import Testing

@testable import Load

@Suite struct RunPhasesTests {
    /// A measurement of 2.5 s that begins at 10 s.
    private static func phases() -> RunPhases {
        var settings = EngineSettings()
        settings.duration = .milliseconds(2500)
        settings.grace = .seconds(5)
        var schedule = RunSchedule(settings, now: 0)
        schedule.measurementStart = 10_000_000_000
        schedule.end = 12_500_000_000
        schedule.graceEnd = 17_500_000_000
        return RunPhases(schedule)
    }

    @Test("changes become due one after another, however late they are looked for")
    func changes() {
        var phases = Self.phases()
        #expect(phases.change(at: 9_999_999_999) == nil && !phases.isMeasuring)
        #expect(phases.nextChange == 10_000_000_000)
        let late: Nanoseconds = 13_000_000_000
        #expect(phases.change(at: late) == .measurementBegins)
        phases.beginMeasurement()
        #expect(phases.isMeasuring && !phases.isDraining && phases.nextChange == 11_000_000_000)
        for _ in 0..<2 {
            #expect(phases.change(at: late) == .secondEnds)
            phases.endSecond()
        }
        #expect(phases.nextChange == 12_500_000_000)
        #expect(phases.change(at: 12_499_999_999) == nil && phases.change(at: late) == .measurementEnds)
        #expect(phases.endMeasurement(at: 12_500_000_000) == 500_000_000)
        #expect(phases.measured == 2_500_000_000 && phases.isMeasuring && phases.isDraining)
        #expect(phases.nextChange == 17_500_000_000 && phases.change(at: .max) == nil)
    }

    @Test("a measurement that ends with a second, or early, reports no second twice")
    func ends() {
        var phases = Self.phases()
        phases.beginMeasurement()
        phases.endSecond()
        #expect(phases.endMeasurement(at: 11_000_000_000) == 0 && phases.measured == 1_000_000_000)
    }

    @Test("the time since the measurement began is never negative")
    func sinceStart() {
        let phases = Self.phases()
        #expect(phases.sinceStart(10_000_000_007) == 7 && phases.sinceStart(3) == 0)
    }
}
