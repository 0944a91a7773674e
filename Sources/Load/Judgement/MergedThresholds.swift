import Foundation
import Scenario

extension LoadDocument {
    /// The thresholds that a document was judged by; empty if it cannot be read.
    package static func thresholds(reading data: Data) -> [Threshold] {
        (try? JSONDecoder().decode(LoadDocument.self, from: data))?.thresholds ?? []
    }
}

extension LoadResult {
    /// Evaluates a merged result against its parts' thresholds. Each is evaluated again, on the whole result.
    ///
    /// The value of a threshold with a template or a masked secret was known only to the parts. It passes if it passed
    /// in all of them.
    /// - Parameter parts: for each part, its file and its thresholds.
    package func thresholds(
        ofParts parts: [(path: String, thresholds: [LoadDocument.Threshold])]
    ) -> [ThresholdOutcome] {
        var outcomes: [ThresholdOutcome] = []
        for (path, thresholds) in parts {
            for threshold in thresholds {
                let known = outcomes.firstIndex {
                    $0.metric == threshold.metric && $0.requirement == threshold.requirement
                }
                let anew = evaluated(threshold, path)
                guard let known else {
                    outcomes.append(anew ?? judged(threshold, path))
                    continue
                }
                if anew == nil { outcomes[known].verdict = outcomes[known].verdict.and(threshold.readVerdict) }
            }
        }
        return outcomes
    }

    /// Nil if the requirement cannot be reconstructed from the document.
    private func evaluated(_ threshold: LoadDocument.Threshold, _ path: String) -> ThresholdOutcome? {
        let text = threshold.requirement
        // A scalar is stored as it was written. Of an object, the document stores the text between the braces.
        for matcher in text.hasTemplate ? [] : [text, "{ \(text) }"] {
            guard var outcome = outcome(of: threshold.metric, matcher) else { continue }
            outcome.requirement = text
            outcome.place = path
            return outcome
        }
        return nil
    }

    /// The threshold with the part's own verdict.
    private func judged(_ threshold: LoadDocument.Threshold, _ path: String) -> ThresholdOutcome {
        var outcome = ThresholdOutcome(
            LoadMetric(threshold.metric, steps: steps.map(\.id), classes: classes), name: threshold.metric,
            requirement: threshold.requirement, place: path, of: self)
        outcome.verdict = threshold.readVerdict
        return outcome
    }

    /// Parses the threshold with the language's own reader, in a scenario that has the result's steps and classes.
    private func outcome(of metric: String, _ matcher: String) -> ThresholdOutcome? {
        func quoted(_ text: String) -> String { JSON.string(text).serialized() }
        let steps = steps.map { #"{ "id": \#(quoted($0.id)), "request": { "url": "/" } }"# }
        let classes = classes.map { #"\#(quoted($0)): { "status": 200 }"# }
        let text = #"""
            { "name": "thresholds", "steps": [\#(steps.joined(separator: ", "))],
              "load": { "classes": { \#(classes.joined(separator: ", ")) },
                        "thresholds": { \#(quoted(metric)): \#(matcher) } } }
            """#
        let file = SourceFile(path: "thresholds", bytes: Array(text.utf8))
        guard let threshold = (try? ScenarioReader.read(file))?.load.thresholds.first else { return nil }
        let scope = Scope(context: TemplateContext(now: { 0 }, readFile: { _ in [] }))
        return ThresholdOutcome(threshold, of: self, in: file, scope: scope)
    }
}

extension String {
    fileprivate var hasTemplate: Bool { contains("{{") }
}

extension LoadDocument.Threshold {
    /// The verdict as the document states it.
    fileprivate var readVerdict: ThresholdVerdict {
        switch verdict {
        case ThresholdVerdict.passed.name: .passed
        case ThresholdVerdict.failed.name: .failed
        default: .undecided(reason ?? .unreadable)
        }
    }
}
