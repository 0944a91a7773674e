/// How the `RateLimit` fields compare with what happened.
struct FieldRecord: Sendable {
    /// The responses with and without such fields.
    private(set) var present = 0
    private(set) var absent = 0
    /// The limits that the fields name.
    private(set) var limits: Set<Int> = []
    /// The denials that agree with the fields of the response before, or with their own.
    private(set) var confirmed = 0
    /// Disagreements, as sentences.
    private(set) var errors: [String] = []
    /// When the latest denial's quota is to be reset, and what the field said.
    private var reset: (due: Double, seconds: Double)?
    private var previous: ProbeExchange?

    /// The fields are in whole seconds, rounded either way.
    private static let granularity = 1.05
    /// Requests this close together leave no time to refill.
    private static let shortGap = 0.5

    /// Takes the next exchange of a client that sends one request at a time.
    mutating func append(_ exchange: ProbeExchange) {
        defer { previous = exchange }
        let promise = exchange.promise
        guard promise.limit != nil || promise.remaining != nil || promise.reset != nil else {
            absent += 1
            return
        }
        present += 1
        if let limit = promise.limit { limits.insert(limit) }
        switch exchange.outcome {
        case .denied: checkDenial(exchange)
        case .admitted: checkAdmission(exchange)
        case .uncertain, .serverError: reset = nil
        }
    }

    /// Forgets the latest response, after requests that were sent together.
    mutating func interrupt() {
        previous = nil
        reset = nil
    }

    private mutating func checkDenial(_ exchange: ProbeExchange) {
        if let remaining = exchange.promise.remaining {
            if remaining > 0 {
                errors.append("a denial says that \(remaining) requests remain")
            } else if previous?.outcome == .admitted, let before = previous?.promise.remaining {
                if before > 0 {
                    errors.append("a request was denied although \(before) remained")
                } else {
                    confirmed += 1
                }
            }
        }
        if let due = reset?.due, let seconds = reset?.seconds, exchange.sent > due + Self.granularity {
            errors.append("a request was denied although the quota was to be reset after \(LimitProbe.text(seconds)) s")
            reset = nil
        } else if reset == nil, let seconds = exchange.promise.reset {
            reset = (exchange.received + seconds, seconds)
        }
    }

    private mutating func checkAdmission(_ exchange: ProbeExchange) {
        if let previous, previous.outcome == .admitted, previous.promise.remaining == 0,
            exchange.received - previous.sent < Self.shortGap,
            let seconds = previous.promise.reset, seconds > Self.granularity + Self.shortGap
        {
            // A bucket or a sliding window may have freed a request meanwhile, but rarely more than once.
            early += 1
            if early == Self.mostEarly { errors.append("requests were admitted although none remained") }
        }
        reset = nil
    }

    private var early = 0
    private static let mostEarly = 5
}
