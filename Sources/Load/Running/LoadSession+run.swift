import Scenario
import ScenarioRunner

extension LoadSession {
    /// Runs setup, the load and teardown, and evaluates the thresholds.
    ///
    /// Teardown runs whatever happened before.
    /// - Parameters:
    ///   - stop: ends setup or the load early once set.
    ///   - onFault: called at once with what failed in setup, in a request before the load, or in teardown.
    ///   - follow: shows the progress of the load. It should return once the load is over.
    /// - Throws: the `Diagnostic` that also went to `onFault`, or a ``LoadError``.
    package mutating func run(
        stop: StopFlag, onFault: (Diagnostic) -> Void, following follow: (LoadRun) async -> Void
    ) async throws -> EvaluatedLoad {
        let measured: Result<LoadResult, any Error>
        do {
            try setUp(stop: stop)
            guard !stop.isSet else { throw LoadError.stopped }
            let run = try start(stop: stop)
            await follow(run)
            measured = .success(try run.finish())
        } catch {
            if let diagnostic = error as? Diagnostic { onFault(diagnostic) }
            measured = .failure(error)
        }
        var fault: Diagnostic?
        do throws(Diagnostic) { try tearDown() } catch {
            onFault(error)
            fault = error
        }
        let result = try measured.get()
        return EvaluatedLoad(
            result, thresholds: thresholds(of: result), wasStopped: stop.isSet, teardownFault: fault)
    }
}
