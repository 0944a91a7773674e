import Histogram
import Testing

@testable import Load

@Suite struct TimeCountsTests {
    @Test("counts become the histogram that would have recorded the same times", arguments: 0..<20)
    func equalHistograms(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let counts = TimeCounts()
        defer { counts.deallocate() }
        var expected = TimeHistogram.times()
        for round in 0..<2 {
            for _ in 0..<2000 {
                // Every magnitude from a nanosecond to past the longest time.
                let time = random.next() >> random.next(upperBound: UInt64(64))
                counts.record(time)
                expected.record(time: time)
            }
            // The bounds of the first buckets, and of the last.
            for time: UInt64 in [0, 1, 2047, 2048, 2049, 4095, 4096, TimeHistogram.longestTime - 1, .max] {
                counts.record(time)
                expected.record(time: time)
            }
            var histogram = TimeHistogram.times()
            counts.add(to: &histogram)
            #expect(histogram == expected, "in round \(round)")
            counts.reset()
            expected.reset()
        }
    }

    @Test("no times make an empty histogram")
    func empty() {
        let counts = TimeCounts()
        defer { counts.deallocate() }
        var histogram = TimeHistogram.times()
        counts.add(to: &histogram)
        #expect(histogram == TimeHistogram.times())
    }
}
