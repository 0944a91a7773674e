import Trace

/// The admissions of one key.
package struct Admissions: Sendable {
    /// Requests that were admitted, by the time at which they were sent.
    package var certain: [Interval]
    /// The certain ones, and requests that may have been admitted: those without a response, or with an inconclusive
    /// one.
    package var possible: [Interval]
    /// Requests that were denied.
    package var denied: [Interval]

    package init(certain: [Interval], uncertain: [Interval] = [], denied: [Interval] = []) {
        self.certain = certain.sorted { $0.sent < $1.sent }
        possible = uncertain.isEmpty ? self.certain : (certain + uncertain).sorted { $0.sent < $1.sent }
        self.denied = denied.sorted { $0.sent < $1.sent }
    }

    /// - Parameter records: sorted by the time at which they were sent.
    package init(_ records: [TraceRecord]) {
        (certain, possible, denied) = ([], [], [])
        for record in records {
            let interval = Interval(record)
            switch record.outcome {
            case .admitted:
                certain.append(interval)
                possible.append(interval)
            case .other, .unknown: possible.append(interval)
            case .denied: denied.append(interval)
            }
        }
    }

    var hasUncertain: Bool { possible.count > certain.count }
}
