import Testing

@testable import Observe

@Suite struct ObservedSecondTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start: UInt64 = 50 * second

    /// Readings of a total that grows by 1,000 per second, at these milliseconds after the start.
    private static func readings(_ times: [Int]) -> [Reading] {
        times.map { time in
            Reading(
                time: UInt64(Int(start) + time * 1_000_000),
                values: [.cpu: 7_000_000 + Double(time), .residentMemory: Double(100 + time)])
        }
    }

    private static func growth(_ readings: [Reading], seconds: Int = 3) -> [Double?] {
        ObservedSecond.series(of: readings, from: start, seconds: seconds).map { $0.growth[.cpu] }
    }

    @Test("late readings do not change what a second shows")
    func interpolation() {
        for times in [[0, 1000, 2000, 3000], [-100, 4, 1070, 2001, 3300], [-100, 0, 900, 1100, 2000, 2500, 3000]] {
            for growth in Self.growth(Self.readings(times)) { #expect(abs((growth ?? 0) - 1000) < 1e-6, "\(times)") }
        }
    }

    @Test("a second without a reading near its ends is missing, and so is what comes after the last")
    func gaps() {
        #expect(Self.growth(Self.readings([0, 1000, 2900, 4000])).map { $0 != nil } == [true, false, false])
        #expect(Self.growth(Self.readings([0, 1000, 2000])).map { $0 != nil } == [true, true, false])
        #expect(Self.growth(Self.readings([500, 1000, 2000])).map { $0 != nil } == [false, true, false])
        #expect(Self.growth([]) == [nil, nil, nil] && Self.growth(Self.readings([0, 1000]), seconds: 0).isEmpty)
    }

    @Test("a total that restarts is missing in that second only")
    func restart() {
        var readings = Self.readings([0, 1000, 2000, 3000])
        for index in 2..<4 { readings[index].values[.cpu] = Double(index) }
        #expect(Self.growth(readings).map { $0 != nil } == [true, false, true])
    }

    @Test("a level is that of the last reading of the second")
    func levels() {
        let seconds = ObservedSecond.series(of: Self.readings([-100, 3, 1004, 2002]), from: Self.start, seconds: 3)
        #expect(seconds.map { $0.levels[.residentMemory] } == [1104, 2102, 2102])
    }
}
