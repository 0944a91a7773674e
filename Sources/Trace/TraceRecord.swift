/// Nanoseconds on the clock of the client that recorded the trace. The clock's origin does not matter.
package typealias Nanoseconds = UInt64

/// One request as its client saw it: 32 bytes.
///
/// The server decided at an instant between ``sent`` and ``received``; nothing else is assumed about it.
package struct TraceRecord: Hashable, Sendable {
    /// The limiter's decision, as far as the response shows it.
    package enum Outcome: UInt8, Sendable, CaseIterable {
        /// The limiter let the request pass.
        case admitted
        /// The limiter refused the request (status 429 by default).
        case denied
        /// The response shows neither: the limiter may have counted the request or not.
        case other
        /// No response arrived: the server decided at some time after ``sent``, or never.
        case unknown
    }

    /// What the request did to the object that its key names.
    package enum Operation: UInt8, Sendable, CaseIterable {
        case none, read, write, delete
    }

    /// Taken before the first byte was written. A retried request keeps its first one.
    package var sent: Nanoseconds
    /// Taken after the response was read; ``never`` if none arrived.
    package var received: Nanoseconds
    /// The client, or the object: an index of ``RequestTrace/keys``.
    package var key: UInt32
    /// The value written or shown: an index of ``RequestTrace/values``, or ``noValue``.
    package var value: UInt32
    /// The virtual user: an index of ``RequestTrace/users``.
    package var user: UInt32
    /// The step: an index of ``RequestTrace/steps``.
    package var step: UInt16
    /// The response's class, such as `hit` or `miss`: an index of ``RequestTrace/classes``, or ``noClass``.
    package var responseClass: UInt8
    /// Outcome, operation and flags, as they are in a file: see ``TraceLayout``.
    private(set) var bits: UInt8

    package static let never = Nanoseconds.max
    package static let noValue = UInt32.max
    package static let noClass = UInt8.max

    package init(
        sent: Nanoseconds, received: Nanoseconds, key: UInt32 = 0, value: UInt32 = noValue, user: UInt32 = 0,
        step: UInt16 = 0, responseClass: UInt8 = noClass, outcome: Outcome = .admitted, operation: Operation = .none,
        isRetried: Bool = false
    ) {
        self.sent = sent
        // Without a response there is no latest instant, whatever the recorder wrote down.
        self.received = outcome == .unknown ? Self.never : received
        self.key = key
        self.value = value
        self.user = user
        self.step = step
        self.responseClass = responseClass
        bits = outcome.rawValue | operation.rawValue << 2 | (isRetried ? 1 << 4 : 0)
    }

    package var outcome: Outcome { Outcome(rawValue: bits & 3) ?? .unknown }
    package var operation: Operation { Operation(rawValue: bits >> 2 & 3) ?? .none }
    /// Whether the request was sent again on a new connection: the server may have decided on it twice.
    package var isRetried: Bool { bits & 1 << 4 != 0 }
}
