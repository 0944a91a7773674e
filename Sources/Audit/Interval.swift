import Trace

/// An instant in nanoseconds, signed so that differences may be negative.
typealias Instant = Int64

/// The bounds on the instant at which the server decided on one request.
package struct Interval: Equatable, Sendable {
    package var sent: Int64
    /// `Int64.max` without a response.
    package var received: Int64

    package static let never = Int64.max

    package init(sent: Int64, received: Int64) {
        self.sent = sent
        self.received = received
    }

    package init(_ record: TraceRecord) {
        sent = Int64(clamping: record.sent)
        received = record.received == TraceRecord.never ? Self.never : Int64(clamping: record.received)
    }
}

extension Int64 {
    /// The sum, or `Int64.max` on overflow.
    func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, isPast) = addingReportingOverflow(other)
        return isPast ? .max : sum
    }
}
