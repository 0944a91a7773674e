import Observe
import Scenario
import ScenarioRunner
import Trace

extension LoadSession {
    /// Runs setup, the load and teardown, and evaluates the thresholds.
    ///
    /// Teardown runs whatever happened before.
    /// - Parameters:
    ///   - sources: what to observe during the load.
    ///   - stop: ends setup or the load early once set.
    ///   - onFault: called at once with what failed in setup, in a request before the load, or in teardown.
    ///   - follow: shows the progress of the load. It should return once the load is over.
    /// - Throws: the `Diagnostic` that also went to `onFault`, or a ``LoadError``.
    package mutating func run(
        observing sources: [ObservationSource] = [], stop: StopFlag, onFault: (Diagnostic) -> Void,
        following follow: (LoadRun) async -> Void
    ) async throws -> EvaluatedLoad {
        let measured: Result<LoadResult, any Error>
        var observation: LoadObservation?
        var traces: [TraceSummary] = []
        do {
            for source in sources { try Self.check(source) }
            try setUp(stop: stop)
            guard !stop.isSet else { throw LoadError.stopped }
            let run = try start(stop: stop)
            let running = run.observe(sources)
            await follow(run)
            let finished = Result { () throws(LoadError) in try run.finish(running) }
            traces = run.finishTraces()
            let result: LoadResult
            (result, observation) = try finished.get()
            measured = .success(result)
        } catch {
            if let diagnostic = error as? Diagnostic { onFault(diagnostic) }
            measured = .failure(error)
        }
        var fault: Diagnostic?
        do throws(Diagnostic) { try tearDown() } catch {
            onFault(error)
            fault = error
        }
        let findings = findings(on: traces)
        let result = try measured.get()
        var load = EvaluatedLoad(
            result, thresholds: thresholds(of: result), wasStopped: stop.isSet, teardownFault: fault)
        load.observation = observation
        load.trace = kept(traces)
        load.audits = findings
        return load
    }

    private static func check(_ source: ObservationSource) throws(LoadError) {
        do throws(ObservationError) { try source.check() } catch { throw .unobservable(reason: error.description) }
    }
}
