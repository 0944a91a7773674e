import Histogram
import ScenarioRunner

extension LoadResult {
    /// Combines the threads' counts into a result.
    init(
        name: String, startedAt: Double, plan: LoadPlan, settings: EngineSettings, reports: [WorkerReport],
        seconds: [SecondSummary], wasInterrupted: Bool
    ) {
        var recording = reports.first?.recording ?? Recorder(classes: plan.classes.count).recording()
        for report in reports.dropFirst() { recording.add(report.recording) }
        let measured = reports.map(\.measured).max() ?? 0
        self.init(
            name: name, target: plan.target.description, model: ModelSummary(settings.model), startedAt: startedAt,
            virtualUsers: reports.reduce(0) { $0 + $1.virtualUsers }, maximumRequests: settings.maximumRequests,
            warmUp: Nanoseconds(settings.warmUp), duration: Nanoseconds(settings.duration),
            measured: measured, wasInterrupted: wasInterrupted, classes: plan.classes,
            steps: plan.steps.enumerated().compactMap { index, step in
                guard case .exchange = step.action else { return nil }
                return LoadStepResult(
                    step, index: index, classes: plan.classes.count, recording: recording, measured: measured)
            },
            offered: recording.arrivals.due, offeredRate: Self.rate(recording.arrivals.due, in: measured),
            arrivalsWithoutUser: recording.arrivals.withoutUser, bunchedArrivals: recording.arrivals.bunched,
            lag: recording.lag,
            reconnects: recording.reconnects.map { ReconnectCount($0, count: $1) }.sorted { $0.count > $1.count },
            seconds: Self.joined(seconds, recording.arrivals, classes: plan.classes.count),
            generator: GeneratorUsage(threads: reports.map(\.usage)))
    }

    fileprivate static func rate(_ count: Int, in time: Nanoseconds) -> Double {
        time > 0 ? Double(count) * 1e9 / Double(time) : 0
    }

    /// The series with each second's arrivals, by the time at which they were due.
    private static func joined(
        _ series: [SecondSummary], _ arrivals: ArrivalCounts, classes: Int
    ) -> [SecondSummary] {
        var seconds = Dictionary(series.map { ($0.second, $0) }) { first, _ in first }
        for (index, counts) in arrivals.seconds.enumerated() {
            let empty = SecondSummary(second: index, classes: Array(repeating: 0, count: classes))
            seconds[index, default: empty].offered = counts.due
            seconds[index, default: empty].begun = counts.begun
        }
        return seconds.values.sorted { $0.second < $1.second }
    }
}

extension LoadStepResult {
    init(_ step: PlannedStep, index: Int, classes: Int, recording: Recording, measured: Nanoseconds) {
        let counters = recording.counters.filter { $0.key.step == index }
        func group(where isIncluded: (UInt64) -> Bool) -> ResponseGroup {
            let members = counters.filter { isIncluded($0.key.verdict.classes) }
            let (count, late) = (members.reduce(0) { $0 + $1.count }, members.reduce(0) { $0 + $1.late })
            return ResponseGroup(
                count: count, late: late, rate: LoadResult.rate(count - late, in: measured),
                bytes: members.reduce(0) { $0 + $1.bytes }, times: recording.times(step: index, where: isIncluded))
        }
        var failures: [AssertionFailure] = []
        for (assertion, planned) in step.assertions.enumerated() {
            let failed = counters.filter { $0.key.verdict.failures >> UInt64(assertion) & 1 == 1 }
            guard !failed.isEmpty else { continue }
            let example = recording.examples[AssertionKey(step: index, assertion: assertion)] ?? ""
            failures.append(
                AssertionFailure(
                    assertion: planned.text, place: planned.place, count: failed.reduce(0) { $0 + $1.count },
                    example: example))
        }
        let errors = recording.errors.filter { $0.key.step == index }
        self.init(
            id: step.id, all: group { _ in true },
            classes: (0..<classes).map { bit in group { $0 >> UInt64(bit) & 1 == 1 } },
            statuses: counters.reduce(into: [:]) { $0[Int($1.key.status), default: 0] += $1.count },
            failedResponses: counters.reduce(0) { $0 + ($1.key.verdict.failures == 0 ? 0 : $1.count) },
            failures: failures,
            errors: Dictionary(uniqueKeysWithValues: errors.map { ($0.key.kind, $0.value) }),
            unfinished: Dictionary(
                uniqueKeysWithValues: recording.unfinished.filter { $0.key.step == index }.map {
                    ($0.key.reason, $0.value)
                }),
            censored: recording.censored[index] ?? CensoredTimes(recording.digits),
            admission: recording.admissions[index], assertions: step.assertions.count)
    }
}

extension ReconnectCount {
    init(_ reason: ReconnectReason, count: Int) {
        self.count = count
        failure =
            switch reason {
            case .closedByServer: nil
            case .failed(let kind): kind
            }
    }
}
