import Histogram
import Scenario

/// A threshold evaluated on a result.
package struct EvaluatedThreshold: Equatable, Sendable {
    /// The metric as the file names it.
    package var metric: String
    package var comparison: Comparison
    /// In milliseconds for times. Nil if it is secret or cannot be evaluated.
    package var value: Double?
    /// Where it is written: `file:line:column`. For a merged result, the part that it comes from.
    package var place: String
    /// The bounds of the figure; times are in milliseconds.
    package var figure: BoundedFigure
    /// Whether the figure is a time.
    package var isTime: Bool
    package var verdict: ThresholdVerdict
    /// Whether it is about errors or failed assertions. It then replaces the default requirement that its step has
    /// none.
    package var isOfErrors: Bool
    package var isOfFailedResponses: Bool
    /// The step that it is about; nil for all steps.
    package var step: String?

    package var passed: Bool { verdict == .passed }

    /// - Parameters:
    ///   - metric: nil if the result has no such metric.
    ///   - verdict: the verdict if there is no value to evaluate.
    init(
        _ metric: LoadMetric?, name: String, _ comparison: Comparison, _ value: Double?, place: String,
        of result: LoadResult, otherwise verdict: ThresholdVerdict = .undecided(.unreadable)
    ) {
        self.metric = name
        self.comparison = comparison
        self.value = value
        self.place = place
        let figure = metric.map(result.figure)
        self.figure = figure?.observed ?? .unavailable
        isTime = metric?.isTime ?? false
        self.verdict = if let figure, let value { figure.verdict(comparison, value) } else { verdict }
        isOfErrors = metric.map { [.errors, .errorShare].contains($0.measure) } ?? false
        isOfFailedResponses = metric.map { [.failedResponses, .failedResponseShare].contains($0.measure) } ?? false
        step = metric?.scope.step
    }
}

extension EvaluatedThreshold {
    /// Evaluates a threshold of a file.
    ///
    /// - Parameters:
    ///   - secrets: values that are not kept. They still decide the verdict.
    init(
        _ threshold: LoadSettings.Threshold, of result: LoadResult, in file: SourceFile, scope: Scope,
        secrets: Secrets = Secrets()
    ) {
        let position = file.position(of: threshold.range.lowerBound)
        self.init(
            threshold.metric, name: threshold.name, threshold.comparison, threshold.number(in: scope),
            place: "\(file.path):\(position.line):\(position.column)", of: result)
        // The file may write a secret in another form: "1h" for 3600000.
        let source = String(decoding: file.bytes[threshold.range], as: UTF8.self)
        let number = value.flatMap { JSONNumber($0) }.map { JSON.number($0).serialized() }
        if [source, number ?? ""].contains(where: { secrets.redact($0) != $0 }) { value = nil }
    }
}

extension LoadSettings.Threshold {
    /// The number that its value renders to; nil if there is none.
    fileprivate func number(in scope: Scope) -> Double? {
        switch try? value.render(scope) {
        case .number(let number)?: number.double.isFinite ? number.double : nil
        case .string(let text)? where metric.isTime: Duration(parsing: text).map { JSONNumber(milliseconds: $0).double }
        default: nil
        }
    }
}
