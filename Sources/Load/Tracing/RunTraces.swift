import Trace

/// The traces of a run, each written by a thread of its own.
struct RunTraces: Sendable {
    private let traces: [(plan: TracePlan, drain: TraceDrain)]
    private let writers: [EngineThread<Bool>]

    /// Creates the files, and starts the threads that write them.
    /// - Parameters:
    ///   - requested: what to record, and the path of the file.
    ///   - threads: the number of threads that record.
    init(_ requested: [(plan: TracePlan, path: String)], threads: Int) throws(LoadError) {
        var traces: [(plan: TracePlan, drain: TraceDrain)] = []
        var writers: [EngineThread<Bool>] = []
        do throws(LoadError) {
            let origin = TraceDrain.origin
            for (plan, path) in requested {
                let drain = try TraceDrain(path: path, origin: origin, sources: threads)
                traces.append((plan, drain))
                let writer = try EngineThread {
                    drain.run()
                    return true
                }
                writers.append(writer)
            }
        } catch {
            for trace in traces { trace.drain.end() }
            for writer in writers { writer.join() }
            throw error
        }
        self.traces = traces
        self.writers = writers
    }

    /// The recordings of one thread.
    func recording(_ plan: LoadPlan, _ settings: EngineSettings, _ share: WorkerShare) -> ThreadTraces {
        ThreadTraces(traces, of: plan, sources: settings.sources, users: share.users.count, source: share.thread)
    }

    /// Completes the files once no thread records any more.
    /// - Returns: in the order in which they were requested.
    func finish() -> [TraceSummary] {
        for trace in traces { trace.drain.end() }
        for writer in writers { writer.join() }
        return traces.map { $0.drain.finish() }
    }
}
