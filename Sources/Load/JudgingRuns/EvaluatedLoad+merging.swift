import Audit
import Scenario

extension EvaluatedLoad {
    /// Merges the results of runs made at the same time, as ``LoadResult/merging(_:)`` does, and evaluates their
    /// thresholds on the whole.
    ///
    /// The value of a secret threshold was known only to the parts. It passes if it passed in all of them.
    /// - Parameter parts: each result with the file that it was read from.
    package static func merging(
        _ parts: [(name: String, load: EvaluatedLoad)]
    ) throws(UnmergeableResults) -> EvaluatedLoad {
        let results = parts.map { (name: $0.name, result: $0.load.result) }
        var merged = EvaluatedLoad(try LoadResult.merging(results))
        merged.misalignments = Misalignment.among(results)
        for (name, load) in parts {
            for threshold in load.thresholds { merged.add(threshold, of: name) }
            // Each audit is of its part's requests only. `gauntlet audit` audits the traces of all parts together.
            merged.audits += load.audits.map { parts.count > 1 ? $0.named("\(name): \($0.audit)") : $0 }
        }
        return merged
    }

    private mutating func add(_ threshold: EvaluatedThreshold, of part: String) {
        let known = thresholds.firstIndex {
            ($0.metric, $0.comparison) == (threshold.metric, threshold.comparison) && $0.value == threshold.value
        }
        guard let known else { return thresholds.append(threshold.evaluated(on: result, place: part)) }
        if threshold.value == nil { thresholds[known].verdict = thresholds[known].verdict.and(threshold.verdict) }
    }
}

extension EvaluatedThreshold {
    /// The threshold on another result. Without a value it keeps its verdict.
    fileprivate func evaluated(on result: LoadResult, place: String) -> EvaluatedThreshold {
        EvaluatedThreshold(
            LoadMetric(metric, steps: result.steps.map(\.id), classes: result.classes), name: metric, comparison, value,
            place: place, of: result, otherwise: verdict)
    }
}

/// A part of a merged result whose measurement began some milliseconds off a whole second after the first.
package struct Misalignment: Equatable, Sendable {
    package var name: String
    /// The part whose measurement began first.
    package var first: String
    package var milliseconds: Int

    static func among(_ results: [(name: String, result: LoadResult)]) -> [Misalignment] {
        guard let first = results.max(by: { $0.result.secondsAfter($1.result) < 0 }) else { return [] }
        return results.compactMap { name, result in
            let offset = result.secondsAfter(first.result)
            let milliseconds = Int(((offset - offset.rounded()) * 1000).rounded().magnitude)
            return milliseconds < 10 ? nil : Misalignment(name: name, first: first.name, milliseconds: milliseconds)
        }
    }
}
