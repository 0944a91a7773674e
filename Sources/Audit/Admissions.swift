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

    /// - Parameters:
    ///   - records: sorted by the time at which they were sent.
    ///   - isCounted: whether the limit applies to a request.
    package init(_ records: ArraySlice<TraceRecord>, where isCounted: (TraceRecord) -> Bool = { _ in true }) {
        (certain, possible, denied) = ([], [], [])
        var isSame = true
        for record in records where isCounted(record) {
            if record.isRetried { isSame = false }
            switch record.outcome {
            case .admitted: certain.append(Interval(record))
            case .other, .unknown: isSame = false
            case .denied: denied.append(Interval(record))
            }
        }
        // Usually both are the same array.
        possible = isSame ? certain : Self.possible(records, where: isCounted)
    }

    private static func possible(
        _ records: ArraySlice<TraceRecord>, where isCounted: (TraceRecord) -> Bool
    ) -> [Interval] {
        var possible: [Interval] = []
        for record in records where isCounted(record) {
            if record.outcome != .denied { possible.append(Interval(record)) }
            // The first attempt may have been admitted too, at any later time.
            if record.isRetried {
                possible.append(Interval(sent: Interval(record).sent, received: Interval.never))
            }
        }
        return possible
    }

    var hasUncertain: Bool { possible.count > certain.count }
}
