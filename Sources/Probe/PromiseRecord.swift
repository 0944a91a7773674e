/// How `Retry-After` compares with what happened.
struct PromiseRecord: Equatable, Sendable {
    /// Promises of when to come back that were followed by an admission at about that time.
    private(set) var kept = 0
    /// Denials after the promised time.
    private(set) var broken = 0
    /// Admissions more than ``granularity`` before the promised time.
    private(set) var late = 0
    /// The denials that promised something, and those that did not.
    private(set) var promising = 0
    private(set) var silent = 0
    /// When the latest denial's promise falls due.
    private var due: Double?
    /// The same, from `RateLimit-Reset` if there is no `Retry-After`.
    private(set) var nextDue: Double?

    /// Promises are in whole seconds.
    private static let granularity = 1.05
    private static let tolerance = 0.01

    mutating func append(_ exchanges: [ProbeExchange], isSequential: Bool) {
        for exchange in exchanges {
            guard isSequential else {
                due = nil
                continue
            }
            switch exchange.outcome {
            case .admitted:
                if let due {
                    if exchange.received < due - Self.granularity { late += 1 } else { kept += 1 }
                }
                due = nil
            case .denied:
                if let due, exchange.sent > due + Self.tolerance { broken += 1 }
                if let seconds = exchange.promise.retryAfter {
                    promising += 1
                    due = exchange.received + seconds
                } else {
                    silent += 1
                    due = nil
                }
                nextDue = due ?? exchange.promise.reset.map { exchange.received + $0 }
            case .uncertain, .serverError: due = nil
            }
        }
    }
}
