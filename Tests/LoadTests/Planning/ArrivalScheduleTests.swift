import Testing

@testable import Load

@Suite struct ArrivalScheduleTests {
    private static func arrivals(
        _ count: Int, _ distribution: ArrivalSchedule.Distribution, rate: Double, seed: UInt64 = 1
    ) -> [Nanoseconds] {
        var schedule = ArrivalSchedule(RateProfile(rate: rate), distribution, seed: seed)
        return (0..<count).compactMap { _ in schedule.next() }
    }

    @Test("constant arrivals are evenly spaced, to the nanosecond, however long the run is")
    func constant() {
        let arrivals = Self.arrivals(100_000, .constant, rate: 3000)
        #expect(arrivals[0] == 0 && arrivals[3] == 1_000_000)
        #expect(arrivals[99_999] == 33_333_000_000)
    }

    @Test("Poisson arrivals have the requested rate and a variance equal to the mean")
    func poisson() {
        let arrivals = Self.arrivals(100_000, .poisson, rate: 1000)
        #expect(abs(Double(arrivals.last ?? 0) / 1e9 - 100) < 1)
        // Counts within 100 ms: mean and variance are both 100.
        var counts: [Double] = Array(repeating: 0, count: 990)
        for arrival in arrivals where Int(arrival / 100_000_000) < 990 { counts[Int(arrival / 100_000_000)] += 1 }
        let mean = counts.reduce(0, +) / 990
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 989
        #expect(abs(mean - 100) < 2 && abs(variance / mean - 1) < 0.15)
    }

    @Test("the same seed gives the same arrivals, and another seed gives others")
    func seeds() {
        #expect(Self.arrivals(50, .poisson, rate: 10) == Self.arrivals(50, .poisson, rate: 10))
        #expect(Self.arrivals(50, .poisson, rate: 10) != Self.arrivals(50, .poisson, rate: 10, seed: 2))
    }

    @Test("threads together send exactly the arrivals of one schedule", arguments: [1, 2, 3, 7])
    func shares(threads: Int) {
        var model = LoadModel.Arrivals(profile: RateProfile(rate: 1000))
        model.distribution = .poisson
        var all: [Nanoseconds] = []
        for thread in 0..<threads {
            var queue = ArrivalQueue(model, thread: thread, of: threads, start: 5, end: 5_000_000_000)
            var last: Nanoseconds = 0
            while queue.next != .max {
                let arrival = queue.arrive()
                #expect(arrival >= last)
                last = arrival
                all.append(arrival)
            }
        }
        let whole = Self.arrivals(6000, .poisson, rate: 1000).map { $0 + 5 }.filter { $0 < 5_000_000_000 }
        #expect(all.sorted() == whole)
    }

    @Test("waiting arrivals are taken in order")
    func waiting() {
        var queue = ArrivalQueue(
            LoadModel.Arrivals(profile: RateProfile(rate: 10)), thread: 0, of: 1, start: 0, end: .max)
        for _ in 0..<3 { queue.wait(queue.arrive()) }
        #expect(queue.waitingCount == 3 && queue.oldest == 0)
        #expect(queue.takeOldest() == 0 && queue.takeOldest() == 100_000_000 && queue.waitingCount == 1)
    }
}
