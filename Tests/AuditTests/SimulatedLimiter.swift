import Audit

/// A rate limiter in simulated time, right or with a fault.
struct SimulatedLimiter {
    enum Kind: CaseIterable { case sliding, fixed, aligned, counter, bucket }

    enum Fault: CaseIterable {
        case none
        /// Allows one more, or one less.
        case offByOne, strict
        /// Forgets admissions too early.
        case earlyExpiry
        /// Two requests at about the same time are both admitted, and counted once.
        case race
        /// Has no limit.
        case absent
    }

    let kind: Kind
    let limit: Int
    let length: Int64
    let phase: Int64
    let fault: Fault
    /// The instants of the admissions that it remembers.
    private var admitted: [Int64] = []
    private var windowStart = Int64.min / 2
    private var windowCount = 0

    init(_ kind: Kind, _ fault: Fault, limit: Int, length: Int64, phase: Int64) {
        (self.kind, self.fault, self.limit, self.length, self.phase) = (kind, fault, limit, length, phase)
    }

    /// Whether it admits a request at an instant. Instants must not descend.
    mutating func admits(at now: Int64) -> Bool {
        if fault == .absent { return true }
        if fault == .race, let last = admitted.last, now - last <= length / 20 { return true }
        let most = fault == .offByOne ? limit + 1 : fault == .strict ? limit - 1 : limit
        let span = fault == .earlyExpiry ? max(1, length * 3 / 4) : length
        guard mostAllows(now, most, span) else { return false }
        remember(now, span)
        return true
    }

    private mutating func remember(_ now: Int64, _ span: Int64) {
        admitted.append(now)
        guard kind == .fixed else { return }
        if now >= windowStart + span { (windowStart, windowCount) = (now, 0) }
        windowCount += 1
    }

    private func mostAllows(_ now: Int64, _ most: Int, _ span: Int64) -> Bool {
        switch kind {
        case .sliding: return admitted.count { $0 + span > now } < most
        case .fixed: return now >= windowStart + span ? most > 0 : windowCount < most
        case .aligned:
            return admitted.count { ($0 - phase).floored(span) == (now - phase).floored(span) } < most
        case .counter:
            let window = (now - phase).floored(span)
            let previous = admitted.count { ($0 - phase).floored(span) == window - 1 }
            let current = admitted.count { ($0 - phase).floored(span) == window }
            let covered = span - (now - phase - window * span)
            return Int64(previous) * covered + Int64(current) * span < Int64(most) * span
        case .bucket:
            // `most` tokens, one more in each period.
            return admitted.indices.allSatisfy { index in
                Int64(admitted.count - index + 1) * span <= Int64(most) * span + (now - admitted[index])
            } && most > 0
        }
    }

    /// Whether admissions at these instants keep the promise.
    func complies(_ instants: [Int64]) -> Bool {
        switch kind {
        case .sliding: Policy.sliding(instants, limit: limit, length: length)
        case .fixed: Policy.fixed(instants, limit: limit, length: length)
        case .aligned: Policy.aligned(instants, phase: phase, limit: limit, length: length)
        case .counter: Policy.slidingCounter(instants, phase: phase, limit: limit, length: length)
        case .bucket: Policy.bucket(instants, burst: Int64(limit), tokens: 1, period: length)
        }
    }

    var policy: RateLimitPolicy {
        switch kind {
        case .sliding: .window(.sliding, limit: limit, length: UInt64(length))
        case .fixed: .window(.fixed, limit: limit, length: UInt64(length))
        case .aligned: .window(.aligned, limit: limit, length: UInt64(length))
        case .counter: .window(.slidingCounter, limit: limit, length: UInt64(length))
        case .bucket: .tokenBucket(burst: limit, tokens: 1, period: UInt64(length))
        }
    }

    /// Whether the promise left room for one more admission at an instant, after those before it.
    func hasRoom(at now: Int64, after instants: [Int64]) -> Bool {
        var exact = SimulatedLimiter(kind, .none, limit: limit, length: length, phase: phase)
        for instant in instants where instant <= now { exact.remember(instant, length) }
        return exact.mostAllows(now, limit, length)
    }
}

extension Int64 {
    fileprivate func floored(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
