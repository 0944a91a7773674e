import Histogram

/// Why results cannot be made one.
package struct UnmergeableResults: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension LoadResult {
    /// Makes one result of runs that were made side by side, such as on several machines.
    ///
    /// Counts and histograms are added; so are rates, since the runs share their time. The percentiles of a single second
    /// cannot be told of the whole and are left out.
    /// - Throws: where the runs are not of the same scenario.
    package static func merging(_ results: [LoadResult]) throws(UnmergeableResults) -> LoadResult {
        guard var sum = results.first else { throw UnmergeableResults(description: "there is no result to merge") }
        for other in results.dropFirst() { try sum.merge(other) }
        return sum
    }

    /// Whether the two ran side by side, if only for a while.
    package func overlaps(_ other: LoadResult) -> Bool {
        func end(_ result: LoadResult) -> Double {
            result.startedAt + Double(result.warmUp + result.measured) / 1e9
        }
        return startedAt <= end(other) && other.startedAt <= end(self)
    }

    private mutating func merge(_ other: LoadResult) throws(UnmergeableResults) {
        try require(name == other.name, "are of different scenarios: \"\(name)\" and \"\(other.name)\"")
        try require(steps.map(\.id) == other.steps.map(\.id), "have different steps")
        try require(classes == other.classes, "have different classes")
        try require(model.isOpen == other.model.isOpen, "are of different models, open and closed")
        if target != other.target, !target.split(separator: ", ").contains(other.target[...]) {
            target += ", \(other.target)"
        }
        if let rates = model.rates, let others = other.model.rates {
            model.rates = rates.count == others.count ? zip(rates, others).map(+) : nil
        }
        startedAt = min(startedAt, other.startedAt)
        virtualUsers += other.virtualUsers
        maximumRequests = maximumRequests.flatMap { mine in other.maximumRequests.map { mine + $0 } }
        warmUp = max(warmUp, other.warmUp)
        duration = max(duration, other.duration)
        measured = max(measured, other.measured)
        wasInterrupted = wasInterrupted || other.wasInterrupted
        for index in steps.indices { steps[index].merge(other.steps[index]) }
        arrivals.add(other.arrivals)
        lag.add(other.lag)
        for count in other.reopened {
            if let index = reopened.firstIndex(where: { $0.failure == count.failure }) {
                reopened[index].count += count.count
            } else {
                reopened.append(count)
            }
        }
        mergeSeconds(other.seconds)
        generator.threads += other.generator.threads
    }

    private func require(_ condition: Bool, _ reason: String) throws(UnmergeableResults) {
        guard condition else { throw UnmergeableResults(description: "the results \(reason)") }
    }

    private mutating func mergeSeconds(_ others: [SecondSummary]) {
        for other in others {
            guard let index = seconds.firstIndex(where: { $0.second == other.second }) else {
                seconds.append(other)
                continue
            }
            seconds[index].offered += other.offered
            seconds[index].responses += other.responses
            seconds[index].bytes += other.bytes
            seconds[index].errors += other.errors
            seconds[index].failedAssertions += other.failedAssertions
            seconds[index].classes = zip(seconds[index].classes, other.classes).map(+)
            seconds[index].statuses.merge(other.statuses, uniquingKeysWith: +)
            seconds[index].p50 = nil
            seconds[index].p99 = nil
        }
    }
}

extension StepResult {
    fileprivate mutating func merge(_ other: StepResult) {
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
    }
}

extension ResponseGroup {
    fileprivate mutating func merge(_ other: ResponseGroup) {
        count += other.count
        late += other.late
        bytes += other.bytes
        times.add(other.times)
    }
}
