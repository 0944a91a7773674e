import Histogram
import Scenario

/// The times of responses together with those of requests without a response.
///
/// The latter are right-censored samples: only a lower bound is known. A step's figures cover all its requests, so the
/// step's censored samples belong to it. Whether one belongs to a class is unknown, so the bounds for a class hold for
/// every possible assignment.
struct CensoredSamples {
    private struct Bucket {
        var value: Double
        var responses: Int
        var censored: Int
    }

    /// In ascending order of value.
    private let buckets: [Bucket]
    private let count: Int
    private let censoredCount: Int
    /// The sum of the responses' times.
    private let sum: Double
    /// Whether the censored samples belong to the group for certain.
    private let areMembers: Bool

    init(responses: TimeHistogram, censored: TimeHistogram, areMembers: Bool) {
        var buckets: [Bucket] = responses.samples.map { Bucket(value: $0.value, responses: $0.count, censored: 0) }
        if censored.totalCount > 0 {
            buckets += censored.samples.map { Bucket(value: $0.value, responses: 0, censored: $0.count) }
            buckets.sort { $0.value < $1.value }
        }
        self.buckets = buckets
        count = Int(clamping: responses.totalCount)
        censoredCount = Int(clamping: censored.totalCount)
        sum = responses.sum
        self.areMembers = areMembers
    }

    /// The figure in nanoseconds.
    func figure(_ statistic: LoadMetric.Statistic) -> BoundedFigure {
        guard count > 0 || areMembers && censoredCount > 0 else { return .unavailable }
        switch statistic {
        case .min: return minimum
        case .mean: return mean
        case .max: return maximum
        case .percentile(let percentile): return figure(atPercentile: percentile)
        }
    }

    /// The bounds of a percentile.
    ///
    /// The upper bound assumes that every censored sample belongs to the group and never ends. The lower bound assumes
    /// that each ended immediately; of those that may belong to a class, exactly the ones below the percentile then do.
    private func figure(atPercentile percentile: Double) -> BoundedFigure {
        let samples = areMembers ? count + censoredCount : count
        guard samples >= Percentile.samplesNeeded(for: percentile) else { return .unavailable }
        let highestRank = Self.rank(percentile, of: count + censoredCount)
        var (responses, censored) = (0, 0)
        var lower: Double?
        var upper = Double.infinity
        for bucket in buckets {
            responses += bucket.responses
            censored += bucket.censored
            let members = areMembers ? count + censoredCount : count + censored
            if lower == nil, responses + censored >= Self.rank(percentile, of: members) { lower = bucket.value }
            if responses >= highestRank {
                upper = bucket.value
                break
            }
        }
        return lower.map { BoundedFigure(lower: $0, upper: upper) } ?? .unavailable
    }

    /// The rank of a percentile among the sorted samples, by HdrHistogram's definition.
    private static func rank(_ percentile: Double, of count: Int) -> Int {
        max(1, Int((percentile.nextDown * Double(count) / 100).rounded(.up)))
    }

    private var minimum: BoundedFigure {
        let lower = buckets.first?.value ?? 0
        return BoundedFigure(lower: lower, upper: buckets.first { $0.responses > 0 }?.value ?? .infinity)
    }

    private var maximum: BoundedFigure {
        let last = buckets.last { areMembers || $0.responses > 0 }?.value ?? 0
        return BoundedFigure(lower: last, upper: censoredCount > 0 ? .infinity : last)
    }

    private var mean: BoundedFigure {
        var (sum, samples) = (sum, Double(count))
        for bucket in buckets where bucket.censored > 0 {
            // The mean is lowest if, of the samples that may belong to a class, exactly those below the mean do.
            if !areMembers, bucket.value >= sum / samples { break }
            sum += bucket.value * Double(bucket.censored)
            samples += Double(bucket.censored)
        }
        return BoundedFigure(lower: sum / samples, upper: censoredCount > 0 ? .infinity : sum / samples)
    }
}

extension Histogram where Count == UInt64 {
    /// The samples by bucket, ascending. A bucket's value is the highest that it represents, limited to the range of
    /// recorded times.
    fileprivate var samples: [(value: Double, count: Int)] {
        filledBuckets.map { (Double(Swift.max(Swift.min($0.highest, maxRecorded), min)), Int(clamping: $0.count)) }
    }

    /// The sum of the samples, each taken as the middle of its bucket.
    fileprivate var sum: Double {
        filledBuckets.reduce(0) { $0 + (Double($1.lowest) + Double($1.highest)) / 2 * Double($1.count) }
    }
}
