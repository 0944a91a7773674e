import Observe

extension LoadRun {
    /// Begins to observe sources for the length of the measurement. Pass the result to ``finish(_:)``.
    package func observe(_ sources: [ObservationSource]) -> RunningObservation {
        RunningObservation(sources, from: measurement.lowerBound, to: measurement.upperBound)
    }

    /// Waits for the run to end, and combines what was observed with the numbers of responses; nil if nothing was
    /// observed. Replaces ``finish()``.
    package func finish(
        _ observation: RunningObservation
    ) throws(LoadError) -> (result: LoadResult, observation: LoadObservation?) {
        let result: LoadResult
        do throws(LoadError) { result = try finish() } catch {
            _ = observation.finish(seconds: 0)
            throw error
        }
        let series = self.series.kinds.prefix(Int(result.measured / 1_000_000_000))
        let sources = observation.finish(seconds: series.count)
        guard !sources.isEmpty else { return (result, nil) }
        let keys = Set(series.flatMap(\.keys)).sorted { ($0.step, $0.classes) < ($1.step, $1.classes) }
        let responses = series.map { counts in keys.map { counts[$0] ?? 0 } }
        return (result, LoadObservation(sources: sources, kinds: keys.map(kind), responses: responses))
    }
}
