import Histogram
import Synchronization

/// The results of one second of the measurement, over all threads.
package struct SecondSummary: Equatable, Codable, Sendable {
    /// Seconds since the measurement began, starting at 0.
    package var second: Int
    /// Less than a second only for the last one.
    package var duration: Nanoseconds = 1_000_000_000
    /// Arrivals of the open model that were due.
    package var offered = 0
    /// Arrivals that the generator began. One that found no free virtual user counts in the second in which it was due.
    package var begun = 0
    package var responses = 0
    package var bytes = 0
    package var errors = 0
    package var failedResponses = 0
    /// Responses in each class of the plan.
    package var classes: [Int]
    package var statuses: [Int: Int] = [:]
    /// Response time in nanoseconds, to two significant digits; nil if there are too few responses.
    package var p50: Nanoseconds?
    package var p99: Nanoseconds?
}

/// One thread's share of a second.
struct SecondContribution {
    var second: Int
    var duration: Nanoseconds
    var offered = 0
    var responses = 0
    var bytes = 0
    var errors = 0
    var failedResponses = 0
    var classes: [Int]
    var statuses: [Int: Int] = [:]
    var kinds: [TimingKey: Int] = [:]
}

/// Combines the seconds of all threads into a series that can be read during the load.
///
/// Each thread takes the lock once per second, never for a request.
package final class SecondSeries: Sendable {
    fileprivate struct Pending {
        var summary: SecondSummary
        var times: Histogram<UInt32>?
        var contributions = 0
        var kinds: [TimingKey: Int] = [:]
    }

    private struct State {
        var pending: [Pending] = []
        var done: [SecondSummary] = []
        var kinds: [[TimingKey: Int]] = []
        /// For each thread that has ended, the number of seconds that it handed over.
        var ends: [Int] = []

        /// The number of threads that have handed over this second, or never will.
        func settled(_ second: Pending) -> Int {
            second.contributions + ends.count { $0 <= second.summary.second }
        }

        mutating func finish(threads: Int) {
            pending.sort { $0.summary.second < $1.summary.second }
            while let first = pending.first, settled(first) >= threads {
                kinds.append(first.kinds)
                done.append(pending.removeFirst().finished())
            }
        }
    }

    private let state = Mutex(State())
    private let threads: Int

    init(threads: Int) { self.threads = threads }

    /// The seconds that all threads have handed over, in order.
    package var summaries: [SecondSummary] { state.withLock { $0.done } }

    /// The responses of each of these seconds, by step and classes.
    var kinds: [[TimingKey: Int]] { state.withLock { $0.kinds } }

    /// The last of these seconds.
    package var latest: SecondSummary? { state.withLock { $0.done.last } }

    static func histogram() -> Histogram<UInt32> {
        Histogram<UInt32>(highestTrackableValue: TimeHistogram.longestTime, numberOfSignificantValueDigits: .two)
    }

    func add(_ contribution: SecondContribution, times: borrowing Histogram<UInt32>) {
        let times = copy times
        state.withLock { state in
            var index = state.pending.firstIndex { $0.summary.second == contribution.second }
            if index == nil {
                let summary = SecondSummary(
                    second: contribution.second, classes: contribution.classes.map { _ in 0 })
                state.pending.append(Pending(summary: summary))
                index = state.pending.count - 1
            }
            guard let index else { return }
            state.pending[index].absorb(contribution, times)
            state.finish(threads: threads)
        }
    }

    /// Records that a thread has ended. Others may continue for a while; their seconds are complete without it.
    func end(after seconds: Int) {
        state.withLock { state in
            state.ends.append(seconds)
            state.finish(threads: threads)
        }
    }
}

extension SecondSeries.Pending {
    fileprivate mutating func absorb(_ contribution: SecondContribution, _ times: Histogram<UInt32>) {
        contributions += 1
        summary.duration = contributions == 1 ? contribution.duration : max(summary.duration, contribution.duration)
        if self.times == nil { self.times = times } else { self.times?.add(times) }
        summary.offered += contribution.offered
        summary.responses += contribution.responses
        summary.bytes += contribution.bytes
        summary.errors += contribution.errors
        summary.failedResponses += contribution.failedResponses
        for (index, count) in contribution.classes.enumerated() { summary.classes[index] += count }
        summary.statuses.merge(contribution.statuses, uniquingKeysWith: +)
        kinds.merge(contribution.kinds, uniquingKeysWith: +)
    }

    fileprivate func finished() -> SecondSummary {
        var finished = summary
        finished.p50 = time(atPercentile: 50)
        finished.p99 = time(atPercentile: 99)
        return finished
    }

    private func time(atPercentile percentile: Double) -> Nanoseconds? {
        guard let times, times.totalCount >= Percentile.samplesNeeded(for: percentile) else { return nil }
        return times.valueAtPercentile(percentile)
    }
}
