import Histogram

/// Why results cannot be merged.
package struct UnmergeableResults: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension LoadResult {
    /// Merges the results of runs made at the same time, such as on several machines.
    ///
    /// Counts, histograms and rates are added; each rate is over its own run's time. Seconds are joined by absolute
    /// time, aligned to the nearest whole second. Percentiles of a single second cannot be merged and are dropped.
    /// Anything that makes a part invalid makes the merged result invalid.
    /// - Parameter results: each result with the file that it was read from.
    /// - Throws: if the runs are of different scenarios or did not overlap, or if one is included twice.
    package static func merging(
        _ results: [(name: String, result: LoadResult)]
    ) throws(UnmergeableResults) -> LoadResult {
        guard let first = results.first else { throw UnmergeableResults(description: "no results to merge") }
        guard results.count > 1 else { return first.result }
        var numbers = Magnitude()
        for (name, result) in results {
            if let magnitude = result.magnitude { numbers.add(magnitude) }
            guard result.magnitude != nil, numbers.isAcceptable else {
                throw UnmergeableResults(description: "the numbers in \(name) are too large to add")
            }
        }
        try requireOverlap(results)
        let base = results.min { $0.result.measurementStart < $1.result.measurementStart } ?? first
        var sum = first.result
        sum.parts = []
        for (name, result) in results { try sum.add(result.parts(named: name)) }
        sum.seconds = []
        sum.startedAt = results.map(\.result.startedAt).min() ?? sum.startedAt
        for (_, result) in results.dropFirst() { try sum.merge(result) }
        var seconds: [Int: SecondSummary] = [:]
        for (_, result) in results {
            result.joinSeconds(to: &seconds, shift: Int(result.secondsAfter(base.result).rounded()))
        }
        sum.seconds = seconds.values.sorted { $0.second < $1.second }
        return sum
    }

    /// When the measurement began, in seconds since 1970-01-01T00:00:00Z.
    private var measurementStart: Double { startedAt + Double(warmUp) / 1e9 }
    private var measurementEnd: Double { measurementStart + Double(measured) / 1e9 }

    /// How many seconds after another result's measurement this one's began.
    func secondsAfter(_ other: LoadResult) -> Double { measurementStart - other.measurementStart }

    private static func requireOverlap(
        _ results: [(name: String, result: LoadResult)]
    ) throws(UnmergeableResults) {
        guard let last = results.max(by: { $0.result.measurementStart < $1.result.measurementStart }),
            let first = results.min(by: { $0.result.measurementEnd < $1.result.measurementEnd }),
            last.result.measurementStart > first.result.measurementEnd
        else { return }
        throw UnmergeableResults(
            description: "\(first.name) ended before \(last.name) began; merged rates need runs that overlap")
    }

    private mutating func add(_ others: [MergedPart]) throws(UnmergeableResults) {
        for part in others {
            if let same = parts.first(where: { $0.fingerprint == part.fingerprint }) {
                let names =
                    same.name == part.name
                    ? "\(same.name) is included twice" : "\(same.name) and \(part.name) are the same run"
                throw UnmergeableResults(description: "\(names); a run can be counted only once")
            }
            parts.append(part)
        }
    }

    private mutating func merge(_ other: LoadResult) throws(UnmergeableResults) {
        try require(name == other.name, "are from different scenarios: \"\(name)\" and \"\(other.name)\"")
        try require(steps.map(\.id) == other.steps.map(\.id), "have different steps")
        try require(classes == other.classes, "have different classes")
        try require(model.isOpen == other.model.isOpen, "use different models, open and closed")
        target = Self.joined(target, other.target)
        if let rates = model.rates, let others = other.model.rates {
            model.rates = rates.count == others.count ? zip(rates, others).map(+) : nil
        }
        virtualUsers += other.virtualUsers
        maximumRequests = maximumRequests.flatMap { mine in other.maximumRequests.map { mine + $0 } }
        warmUp = max(warmUp, other.warmUp)
        duration = max(duration, other.duration)
        measured = max(measured, other.measured)
        wasInterrupted = wasInterrupted || other.wasInterrupted
        for index in steps.indices { steps[index].merge(other.steps[index]) }
        offered += other.offered
        offeredRate += other.offeredRate
        arrivalsWithoutUser += other.arrivalsWithoutUser
        bunchedArrivals += other.bunchedArrivals
        lag.add(other.lag)
        for count in other.reconnects {
            if let index = reconnects.firstIndex(where: { $0.failure == count.failure }) {
                reconnects[index].count += count.count
            } else {
                reconnects.append(count)
            }
        }
        generator.threads += other.generator.threads
    }

    /// The targets of both lists, each once: a merged result has several.
    private static func joined(_ targets: String, _ others: String) -> String {
        let known = targets.split(separator: ", ")
        return (known + others.split(separator: ", ").filter { !known.contains($0) }).joined(separator: ", ")
    }

    private func require(_ condition: Bool, _ reason: String) throws(UnmergeableResults) {
        guard condition else { throw UnmergeableResults(description: "the results \(reason)") }
    }

    private func joinSeconds(to whole: inout [Int: SecondSummary], shift: Int) {
        for var second in seconds {
            second.second += shift
            second.p50 = nil
            second.p99 = nil
            whole[second.second] = whole[second.second].map { $0.adding(second) } ?? second
        }
    }
}

extension SecondSummary {
    fileprivate func adding(_ other: SecondSummary) -> SecondSummary {
        var sum = self
        sum.offered += other.offered
        sum.begun += other.begun
        sum.responses += other.responses
        sum.bytes += other.bytes
        sum.errors += other.errors
        sum.failedResponses += other.failedResponses
        sum.classes = zip(classes, other.classes).map(+)
        sum.statuses.merge(other.statuses, uniquingKeysWith: +)
        return sum
    }
}

extension LoadStepResult {
    fileprivate mutating func merge(_ other: LoadStepResult) {
        all.merge(other.all)
        for index in classes.indices { classes[index].merge(other.classes[index]) }
        statuses.merge(other.statuses, uniquingKeysWith: +)
        failedResponses += other.failedResponses
        for failure in other.failures {
            let same = { (mine: AssertionFailure) in mine.place == failure.place && mine.assertion == failure.assertion
            }
            if let index = failures.firstIndex(where: same) {
                failures[index].count += failure.count
            } else {
                failures.append(failure)
            }
        }
        errors.merge(other.errors) { Tally(count: $0.count + $1.count, example: $0.example) }
        unfinished.merge(other.unfinished, uniquingKeysWith: +)
        censored.add(other.censored)
        if let waited = other.admission { admission = admission.map { $0.adding(waited) } ?? waited }
    }
}

extension AdmissionTimes {
    fileprivate func adding(_ other: AdmissionTimes) -> AdmissionTimes {
        var sum = self
        sum.add(other)
        return sum
    }
}

extension ResponseGroup {
    fileprivate mutating func merge(_ other: ResponseGroup) {
        count += other.count
        late += other.late
        rate += other.rate
        bytes += other.bytes
        times.add(other.times)
    }
}
