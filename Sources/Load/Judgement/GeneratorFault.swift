import Histogram
import Scenario

/// Why what was measured tells of the generator rather than of the server.
package enum GeneratorFault: Equatable, Sendable {
    /// Requests went out too late: a percentile of the lag, against the median service time that it may reach a tenth of.
    case late(lag: Nanoseconds, percentile: Int, medianServiceTime: Nanoseconds)
    /// A thread had no processor time left: its share of a core.
    case busy(thread: Int, share: Double)
}

extension GeneratorFault: CustomStringConvertible {
    /// What is wrong, and what can be done.
    package var description: String {
        switch self {
        case .late(let lag, let percentile, let median):
            "the generator sent late: the \(percentile)th percentile of its lag is \(Self.text(lag)), more than a tenth of the median "
                + "service time of \(Self.text(median)); take fewer threads than cores, a lower rate or --spin"
        case .busy(let thread, let share):
            "thread \(thread + 1) of the generator was busy for \(Int((share * 100).rounded()))% of the time and had none to "
                + "spare for an arrival; take more threads, a lower rate or a machine of its own"
        }
    }

    private static func text(_ time: Nanoseconds) -> String { Duration.nanoseconds(Int64(clamping: time)).shortText }
}

extension LoadResult {
    /// Below this, lateness is the kernel's, which takes its time to wake a thread up.
    private static var unavoidableLag: Nanoseconds { 100_000 }
    private static var tolerableShare: Double { 0.9 }

    /// What makes the measurement invalid; empty where it is sound.
    ///
    /// In the closed model a thread that is busy all the time is no fault: each request follows an answer, and the time
    /// between the two belongs to neither.
    package var generatorFaults: [GeneratorFault] {
        var faults: [GeneratorFault] = []
        let service = steps.reduce(into: TimeHistogram.times()) { $0.add($1.all.serviceTime) }
        // Few requests have no 99th percentile. Where half of them went out late, that is beyond doubt as well.
        let percentile = [99, 50].first { lag.generator.time(atPercentile: Double($0)) != nil }
        if let percentile, let lag = lag.generator.time(atPercentile: Double(percentile)), service.totalCount > 0 {
            let median = service.valueAtPercentile(50)
            if lag > max(median / 10, Self.unavoidableLag) {
                faults.append(.late(lag: lag, percentile: percentile, medianServiceTime: median))
            }
        }
        guard model.isOpen, measured > 0 else { return faults }
        for (index, usage) in generator.threads.enumerated() {
            let share = Double(usage.busy) / Double(measured)
            if share > Self.tolerableShare { faults.append(.busy(thread: index, share: share)) }
        }
        return faults
    }

    /// Whether the server did not keep up with the arrivals: at the end more of them waited than a tenth of a second
    /// brings, and than there were users.
    package var isOverloaded: Bool {
        guard model.isOpen, measured > 0 else { return false }
        let offeredRate = Double(offered) * 1e9 / Double(measured)
        let queued = unfinished[.waitingForUser, default: 0]
        return Double(queued) > max(offeredRate / 10, Double(virtualUsers))
    }
}
