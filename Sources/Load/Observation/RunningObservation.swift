import Observe
import ScenarioRunner

/// Observes sources while a load runs, each on its own thread, so that a slow source does not delay the others.
package struct RunningObservation: Sendable {
    private let observed: [(source: ObservationSource, thread: EngineThread<Record>?)]
    private let isOver: StopFlag
    private let start: Nanoseconds

    /// What a thread has read.
    private struct Record: Sendable {
        var readings: [Reading] = []
        var failure: String?
        var cpu: Nanoseconds = 0
    }

    /// Connecting and the first reading happen this long before the start.
    private static var lead: Nanoseconds { 100_000_000 }
    private static var second: Nanoseconds { 1_000_000_000 }

    /// Begins to observe: once at the start, and at the end of each second.
    init(_ sources: [ObservationSource], from start: Nanoseconds, to end: Nanoseconds) {
        let isOver = StopFlag()
        self.isOver = isOver
        self.start = start
        observed = sources.map { source in
            let thread = try? EngineThread<Record> { Self.observe(source, from: start, to: end, until: isOver) }
            return (source, thread)
        }
    }

    /// Ends the observation.
    /// - Parameter seconds: the number of whole seconds that the load measured.
    func finish(seconds: Int) -> [ObservedSource] {
        isOver.set()
        return observed.map { source, thread in
            let record = thread?.join() ?? Record(failure: "no thread could be started")
            var result = ObservedSource(
                name: source.name, kind: source.kind,
                seconds: ObservedSecond.series(of: record.readings, from: start, seconds: seconds))
            result.failure = record.failure
            result.observerCPU = record.cpu
            if let first = record.readings.first, let last = record.readings.last {
                result.commands = Self.difference(first.commands, last.commands)
            }
            return result
        }
    }

    private static func observe(
        _ source: ObservationSource, from start: Nanoseconds, to end: Nanoseconds, until isOver: StopFlag
    ) -> Record {
        var record = Record()
        do throws(ObservationError) {
            var next = start - min(lead, start)
            guard wait(until: next, isOver) else { return record }
            let observer = try source.open()
            record.readings.append(try observer.read())
            next = start
            while next <= end, wait(until: next, isOver) {
                record.readings.append(try observer.read())
                // A source that responds late makes seconds without a reading.
                repeat { next += second } while next <= MonotonicClock.now()
            }
        } catch {
            record.failure = error.description
        }
        record.cpu = MonotonicClock().processorTime()
        return record
    }

    /// Sleeps until an instant.
    /// - Returns: false if observation is over before.
    private static func wait(until instant: Nanoseconds, _ isOver: StopFlag) -> Bool {
        while true {
            let now = MonotonicClock.now()
            if now >= instant { return true }
            if isOver.isSet { return false }
            MonotonicClock().sleep(min(instant - now, 50_000_000))
        }
    }

    private static func difference(
        _ first: [String: CommandTotal], _ last: [String: CommandTotal]
    ) -> [String: CommandTotal] {
        var difference: [String: CommandTotal] = [:]
        for (name, total) in last {
            let before = first[name] ?? CommandTotal(calls: 0, time: 0)
            guard total.calls > before.calls, total.time >= before.time else { continue }
            difference[name] = CommandTotal(calls: total.calls - before.calls, time: total.time - before.time)
        }
        return difference
    }
}
