import HeapModule

/// Finds out whether equal jobs with release times and latest starts fit on parallel machines.
///
/// Schedules the job with the earliest latest start first, with barriers. When a job starts too late, the last job
/// before it that could have waited longer took its place. That job's place is made to start no earlier than the jobs
/// behind it are released, and scheduling begins again. Exact for jobs of one length (Simons, "Multiprocessor
/// scheduling of unit-time jobs with arbitrary release times and deadlines", SIAM Journal on Computing 12(2), 1983).
package enum SlotSchedule {
    package enum Feasibility: Equatable, Sendable {
        case feasible
        /// The jobs that do not fit.
        case infeasible([Interval])
        /// The search took too long.
        case undecided
    }

    /// The most jobs placed in all attempts together.
    private static let effort = 2_000_000

    /// - Parameters:
    ///   - jobs: sorted by release time (`sent`); `received` is the latest start.
    ///   - slots: the number of machines.
    ///   - length: the length of every job.
    package static func find(_ jobs: [Interval], slots: Int, length: Int64) -> Feasibility {
        var start = 0
        var worst = Feasibility.feasible
        while start < jobs.count {
            switch findBusyPeriod(jobs, from: start, slots: slots, length: length) {
            case .placed(let end): start = end
            case .failed(let witnesses): return .infeasible(witnesses)
            case .gaveUp(let end): (worst, start) = (.undecided, end)
            }
        }
        return worst
    }

    private enum Period {
        /// Every job before `end` was placed, and all machines were free before it was released.
        case placed(end: Int)
        case failed([Interval])
        case gaveUp(end: Int)
    }

    /// Schedules jobs until all machines are free again. Later jobs do not depend on this schedule.
    private static func findBusyPeriod(_ jobs: [Interval], from first: Int, slots: Int, length: Int64) -> Period {
        var barriers: [Int: Int64] = [:]
        var spent = 0
        while true {
            var placed: [Placement] = []
            var ready = Heap<ByLatestStart>()
            var next = first
            var crisis: Placement?
            while true {
                if ready.isEmpty {
                    guard next < jobs.count else { return .placed(end: next) }
                    if let last = placed.last, jobs[next].sent >= last.start.saturatingAdd(length) {
                        return .placed(end: next)
                    }
                }
                var instant = placed.last?.start ?? .min
                if placed.count >= slots {
                    instant = max(instant, placed[placed.count - slots].start.saturatingAdd(length))
                }
                if !barriers.isEmpty, let barrier = barriers[placed.count] { instant = max(instant, barrier) }
                if ready.isEmpty { instant = max(instant, jobs[next].sent) }
                while next < jobs.count, jobs[next].sent <= instant {
                    ready.insert(ByLatestStart(job: jobs[next]))
                    next += 1
                }
                guard let job = ready.popMin()?.job else { break }
                spent += 1
                let placement = Placement(job: job, start: instant)
                if instant > job.received {
                    crisis = placement
                    break
                }
                placed.append(placement)
                if spent > effort { return .gaveUp(end: endOfPeriod(jobs, after: next, length: length)) }
            }
            guard let crisis else { return .placed(end: next) }
            guard let pulled = placed.lastIndex(where: { $0.job.received > crisis.job.received }) else {
                return .failed(placed.map(\.job) + [crisis.job])
            }
            let behind = placed[(pulled + 1)...].map(\.job) + [crisis.job]
            let release = behind.map(\.sent).min() ?? crisis.job.sent
            // If one of them had been ready, it would have been placed there. So each barrier moves the place later,
            // and the search ends.
            guard release > placed[pulled].start else {
                return .gaveUp(end: endOfPeriod(jobs, after: next, length: length))
            }
            barriers[pulled] = release
        }
    }

    /// The first job from `index` on that is released after all earlier ones must have ended.
    private static func endOfPeriod(_ jobs: [Interval], after index: Int, length: Int64) -> Int {
        var latest = jobs[..<index].map(\.received).max() ?? 0
        for next in index..<jobs.count {
            if jobs[next].sent >= latest.saturatingAdd(length) { return next }
            latest = max(latest, jobs[next].received)
        }
        return jobs.count
    }

    private struct Placement {
        var job: Interval
        var start: Int64
    }
}

/// Orders jobs by the latest instant at which they may start.
private struct ByLatestStart: Comparable {
    var job: Interval

    static func < (left: ByLatestStart, right: ByLatestStart) -> Bool { left.job.received < right.job.received }
}
