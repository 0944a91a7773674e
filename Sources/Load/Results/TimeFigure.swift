import Histogram
import Scenario

/// A figure of the response or service time, with the share that the generator may have added.
package struct TimeFigure: Equatable, Sendable {
    /// As observed, in nanoseconds.
    package var observed: BoundedFigure
    /// The same, less the generator's lag for each response. The true figure lies between this and `observed`.
    package var adjusted: BoundedFigure

    init(observed: BoundedFigure, adjusted: BoundedFigure) {
        self.observed = observed
        self.adjusted = adjusted
    }

    /// A figure of fully known times that the generator adds nothing to.
    package init(_ times: TimeHistogram, _ statistic: LoadMetric.Statistic) {
        self = TimeSamples(of: times).figure(statistic)
    }

    /// Lateness below this many nanoseconds is due to the kernel's time to wake a thread.
    private static var negligible: Double { 100_000 }

    /// What the generator may have added, in nanoseconds.
    package var generatorShare: Double {
        guard let observed = observed.lower, let adjusted = adjusted.lower else { return 0 }
        return max(0, observed - adjusted)
    }

    /// Whether the generator may account for more than a tenth of the figure, and for more than 100 µs.
    package var isMarked: Bool {
        guard let observed = observed.lower else { return false }
        return generatorShare > max(Self.negligible, observed / 10)
    }
}

/// The response times or service times of a group of requests.
package struct TimeSamples {
    private let observed: CensoredSamples
    private let adjusted: CensoredSamples

    init(observed: CensoredSamples, adjusted: CensoredSamples) {
        self.observed = observed
        self.adjusted = adjusted
    }

    /// Fully known times that the generator adds nothing to.
    init(of times: TimeHistogram) {
        let none = TimeHistogram.times(times.numberOfSignificantValueDigits)
        observed = CensoredSamples(responses: times, censored: none, areMembers: true)
        adjusted = observed
    }

    package func figure(_ statistic: LoadMetric.Statistic) -> TimeFigure {
        TimeFigure(observed: observed.figure(statistic), adjusted: adjusted.figure(statistic))
    }
}

/// The kind of time.
package enum TimeKind: Sendable {
    case response, service
}

extension ResponseGroup {
    /// - Parameters:
    ///   - censored: the censored samples of the group's steps.
    ///   - isClass: whether the group is a class, which a censored sample may or may not belong to.
    func samples(of kind: TimeKind, censored: CensoredTimes, isClass: Bool) -> TimeSamples {
        switch kind {
        case .response:
            TimeSamples(
                observed: CensoredSamples(
                    responses: times.response, censored: censored.response, areMembers: !isClass),
                adjusted: CensoredSamples(
                    responses: times.adjustedResponse, censored: censored.adjustedResponse, areMembers: !isClass))
        case .service:
            TimeSamples(
                observed: CensoredSamples(responses: times.service, censored: censored.service, areMembers: !isClass),
                adjusted: CensoredSamples(
                    responses: times.adjustedService, censored: censored.service, areMembers: !isClass))
        }
    }
}

extension LoadStepResult {
    /// The times of all requests of the step.
    package func samples(of kind: TimeKind) -> TimeSamples {
        all.samples(of: kind, censored: censored, isClass: false)
    }

    /// The times of one class of the step.
    package func samples(of kind: TimeKind, class index: Int) -> TimeSamples {
        classes[index].samples(of: kind, censored: censored, isClass: true)
    }
}
