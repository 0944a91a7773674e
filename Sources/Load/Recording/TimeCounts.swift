import Glibc
import Histogram

/// Counts times by bucket, for the one thread that records them.
///
/// The buckets are those of an HDR histogram of three significant digits: 2,048 of 1 ns each, then 1,024 for each further
/// power of two. Recording takes far fewer instructions than in a ``TimeHistogram``, which the counts become at the end.
///
/// A value of this type is a reference to its memory. Its owner calls ``deallocate()``.
struct TimeCounts {
    private static let subBucketBits = 10
    private static let bucketCount = index(of: TimeHistogram.longestTime) + 1

    private let buckets: UnsafeMutablePointer<UInt64>
    /// The shortest and the longest recorded time, in nanoseconds.
    private let extremes: UnsafeMutablePointer<(shortest: UInt64, longest: UInt64)>

    init() {
        // Zeroed by the kernel page by page: memory that no time falls into is never touched.
        buckets = calloc(Self.bucketCount, MemoryLayout<UInt64>.stride).bindMemory(
            to: UInt64.self, capacity: Self.bucketCount)
        extremes = .allocate(capacity: 1)
        extremes.initialize(to: (.max, 0))
    }

    func deallocate() {
        free(buckets)
        extremes.deallocate()
    }

    /// Records a time; one past the longest counts as the longest. Allocates nothing.
    @inline(__always)
    func record(_ time: Nanoseconds) {
        let time = min(time, TimeHistogram.longestTime)
        buckets[Self.index(of: time)] &+= 1
        if time < extremes.pointee.shortest { extremes.pointee.shortest = time }
        if time > extremes.pointee.longest { extremes.pointee.longest = time }
    }

    func reset() {
        for index in usedBuckets { buckets[index] = 0 }
        extremes.pointee = (.max, 0)
    }

    /// Adds everything that was recorded to a histogram of the same or lower precision.
    func add<Count>(to histogram: inout Histogram<Count>) {
        for index in usedBuckets where buckets[index] > 0 {
            // Any time of the bucket is as good, except at the ends, which the histogram reports.
            let time = min(max(Self.shortestTime(in: index), extremes.pointee.shortest), extremes.pointee.longest)
            histogram.record(time, count: Count(clamping: buckets[index]))
        }
    }

    private var usedBuckets: Range<Int> {
        let (shortest, longest) = extremes.pointee
        return shortest > longest ? 0..<0 : Self.index(of: shortest)..<Self.index(of: longest) + 1
    }

    @inline(__always)
    private static func index(of time: Nanoseconds) -> Int {
        let shift = max(0, UInt64.bitWidth - 1 - subBucketBits - time.leadingZeroBitCount)
        return shift << subBucketBits &+ Int(truncatingIfNeeded: time >> UInt64(truncatingIfNeeded: shift))
    }

    private static func shortestTime(in index: Int) -> Nanoseconds {
        let shift = max(0, index >> subBucketBits - 1)
        return UInt64(index - shift << subBucketBits) << UInt64(shift)
    }
}

/// The times of one kind of response while its thread records them: see ``Timing``.
struct TimingCounts {
    private let response = TimeCounts()
    private let service = TimeCounts()
    private let adjustedResponse = TimeCounts()
    private let adjustedService = TimeCounts()

    func deallocate() {
        for counts in [response, service, adjustedResponse, adjustedService] { counts.deallocate() }
    }

    /// Records a response. Allocates nothing.
    @inline(__always)
    func record(responseTime: Nanoseconds, serviceTime: Nanoseconds, sendLag: Nanoseconds, receiveLag: Nanoseconds) {
        response.record(responseTime)
        service.record(serviceTime)
        adjustedResponse.record(responseTime &- min(sendLag &+ receiveLag, responseTime))
        adjustedService.record(serviceTime &- min(receiveLag, serviceTime))
    }

    func reset() {
        for counts in [response, service, adjustedResponse, adjustedService] { counts.reset() }
    }

    /// - Parameter digits: the precision of the histograms, at most three.
    func timing(_ digits: SignificantDigits) -> Timing {
        var timing = Timing(digits)
        response.add(to: &timing.response)
        service.add(to: &timing.service)
        adjustedResponse.add(to: &timing.adjustedResponse)
        adjustedService.add(to: &timing.adjustedService)
        return timing
    }
}
