import Testing

@testable import Load

@Suite struct RateProfileTests {
    /// 0 → 100/s in 10 s (500 arrivals), 100/s for 5 s (500), down to 20/s in 4 s (240), then 20/s.
    static let stages: RateProfile = {
        var profile = RateProfile(rate: 0)
        profile.append(to: 100, over: 10)
        profile.append(to: 100, over: 5)
        profile.append(to: 20, over: 4)
        return profile
    }()

    @Test(
        "a staged profile gives the time of each arrival",
        arguments: [
            (0, 0), (5, 1), (125, 5), (500, 10), (750, 12.5), (1000, 15), (1000 + 90 + 90, 17.320508075688775),
            (1240, 19),
            (1250, 19.5), (1440, 29),
        ] as [(Double, Double)])
    func staged(count: Double, time: Double) {
        // In the falling stage, 100 t − 10 t² is 180 at t = 2.3205….
        let expected = count == 1180 ? 15 + (5 - (25 - 18.0).squareRoot()) : time
        #expect(abs(Self.stages.time(ofCount: count) - expected) < 1e-9)
    }

    @Test("a constant rate spaces arrivals evenly")
    func constant() {
        let profile = RateProfile(rate: 8)
        #expect(profile.time(ofCount: 0) == 0)
        #expect(profile.time(ofCount: 1) == 0.125)
        #expect(profile.time(ofCount: 8_000_001) == 1_000_000.125)
        #expect(RateProfile(rate: 0).time(ofCount: 1) == .infinity)
    }

    @Test("a stage of zero duration jumps, and a stage without arrivals is skipped")
    func edges() {
        var jump = RateProfile(rate: 1)
        jump.append(to: 100, over: 0)
        #expect(jump.time(ofCount: 100) == 1)
        var late = RateProfile(rate: 0)
        late.append(to: 0, over: 3)
        late.append(to: 10, over: 0)
        #expect(late.time(ofCount: 0) == 3 && late.time(ofCount: 10) == 4)
        var ended = RateProfile(rate: 10)
        ended.append(to: 0, over: 2)
        #expect(ended.time(ofCount: 10) == 2 && ended.time(ofCount: 10.5) == .infinity)
    }

    @Test("time increases with the count, without jumps between stages")
    func monotone() {
        var last = -0.1
        for count in 0..<3000 {
            let time = Self.stages.time(ofCount: Double(count) / 2)
            #expect(time > last && time - last < 0.5)
            last = time
        }
    }

    @Test("the rates are those of the stages, including jumps and excluding the warm-up")
    func rates() {
        var profile = RateProfile(rate: 300)
        profile.hold(for: 2)
        for (rate, seconds) in [(600.0, 0.5), (100, 0), (300, 0.5)] { profile.append(to: rate, over: seconds) }
        #expect(profile.rates == [300, 600, 100, 300] && profile.duration == 3)
    }
}

/// Properties of random profiles.
@Suite struct RandomRateProfileTests {
    private static func random(_ generator: inout SplitMix64) -> RateProfile {
        func rate(_ generator: inout SplitMix64) -> Double {
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: 0
            case 1: Double(Int.random(in: 1...10_000, using: &generator))
            case 2: .random(in: 0...1e-9, using: &generator)
            default: .random(in: 0...1_000_000, using: &generator)
            }
        }
        var profile = RateProfile(rate: rate(&generator))
        profile.hold(for: .random(in: 0...20, using: &generator))
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let isJump = Int.random(in: 0..<5, using: &generator) == 0
            profile.append(to: rate(&generator), over: isJump ? 0 : .random(in: 1e-6...100, using: &generator))
        }
        return profile
    }

    /// The number of arrivals due by a time: the integral of the rate.
    private static func count(_ profile: RateProfile, at time: Double) -> Double {
        var (count, start) = (0.0, 0.0)
        for segment in profile.segments {
            let elapsed = min(max(time - start, 0), segment.duration)
            let rate = segment.from + (segment.to - segment.from) * elapsed / segment.duration
            count += (segment.from + rate) / 2 * elapsed
            start += segment.duration
        }
        return count + profile.rate * max(time - start, 0)
    }

    @Test("times are never NaN, never decrease, and match the integral of the rate")
    func properties() {
        for seed in UInt64(0)..<2000 {
            var generator = SplitMix64(seed: seed)
            let profile = Self.random(&generator)
            let whole = profile.segments.reduce(0) { $0 + $1.count }
            // Rounding shows at the ends of segments.
            var counts = (0..<20).map { _ in Double.random(in: 0...whole * 1.1 + 10, using: &generator) }
            var sum = 0.0
            for segment in profile.segments {
                sum += segment.count
                counts += [sum.nextDown, sum, sum.nextUp, sum.rounded(.down)]
            }
            var last = 0.0
            for count in counts.sorted() where count >= 0 {
                let time = profile.time(ofCount: count)
                #expect(!time.isNaN && time >= last - 1e-12, "seed \(seed), count \(count): \(time) after \(last)")
                last = max(last, time)
                guard time.isFinite else { continue }
                let back = Self.count(profile, at: time)
                #expect(abs(back - count) <= 1e-6 * max(count, 1), "seed \(seed), count \(count): \(back) at \(time)")
            }
        }
    }

    @Test("arrivals of a ramp to zero never go back in time")
    func rampToZero() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            var profile = RateProfile(rate: Double.random(in: 1...100, using: &generator))
            profile.append(to: 0, over: .random(in: 1...30, using: &generator))
            var schedule = ArrivalSchedule(profile, .constant, seed: 1)
            var last: Nanoseconds = 0
            while let next = schedule.next() {
                #expect(next >= last)
                last = next
            }
        }
    }
}
