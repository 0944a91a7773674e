import Foundation
import Probe

/// What a simulated server enforces.
struct SimulatedPolicy: Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case fixedWindow = "fixed-window"
        case alignedWindow = "aligned-window"
        case slidingWindow = "sliding-window"
        /// A log of all requests, denied ones too.
        case slidingWindowOfAll = "sliding-window-of-all"
        case slidingCounter = "sliding-counter"
        case tokenBucket = "token-bucket"
        case delay
    }

    var kind: Kind
    var limit: Int
    var window: Double
    /// Whether a decision and its effect on the count are two steps.
    var leaks = false
    /// The parts of a request that select the counter.
    var key: Set<String> = ["address"]
    var promises = false
    /// Whether responses have RateLimit fields, and by how much the remaining count is wrong.
    var fields: FieldStyle = .none
    /// Whether requests that the server rejects count.
    var countsErrors = false

    enum FieldStyle: Sendable { case none, accurate, offByOne, wrongLimit }

    var description: String {
        "\(kind.rawValue) \(limit)/\(Int(window))s\(leaks ? " leaky" : "") by \(key.sorted().joined(separator: "+"))\(promises ? " Retry-After" : "")"
    }
}

/// One counter of a simulated limiter. Written independently of the probe's hypotheses.
struct SimulatedCounter {
    let policy: SimulatedPolicy
    let phase: Double
    private var log: [Double] = []
    private var opened = -Double.infinity
    private var counts: [Int: Int] = [:]
    private var used = 0
    private var tokens: Double
    private var refilled = 0.0
    private var queueEmptyAt = 0.0
    /// Effects that are not visible yet.
    private var commits: [(at: Double, admittedAt: Double)] = []

    init(_ policy: SimulatedPolicy, phase: Double) {
        self.policy = policy
        self.phase = phase
        tokens = Double(policy.limit)
    }

    struct Decision {
        var isAdmitted: Bool
        /// Seconds to wait, for a denial.
        var retryAfter = 0.0
        /// Seconds that the response is held back.
        var delay = 0.0
        /// The admissions that are left after this one.
        var remaining = 0
    }

    /// How many requests would be admitted now, for windows that count.
    func remaining(at now: Double) -> Int {
        switch policy.kind {
        case .fixedWindow: now >= opened + policy.window ? policy.limit : max(0, policy.limit - used)
        case .alignedWindow: max(0, policy.limit - counts[index(now), default: 0])
        case .slidingWindow: max(0, policy.limit - log.count { $0 > now - policy.window })
        default: 0
        }
    }

    /// - Parameter commitDelay: after how many seconds the next decision sees this one.
    mutating func decide(at now: Double, commitDelay: Double) -> Decision {
        for commit in commits where commit.at <= now { apply(commit.admittedAt) }
        commits.removeAll { $0.at <= now }
        let decision = look(at: now)
        if decision.isAdmitted {
            if commitDelay > 0 { commits.append((now + commitDelay, now)) } else { apply(now) }
        } else if policy.kind == .slidingWindowOfAll {
            log.append(now)
        }
        return decision
    }

    private func index(_ now: Double) -> Int { Int(((now - phase) / policy.window).rounded(.down)) }

    private mutating func look(at now: Double) -> Decision {
        let limit = policy.limit
        let window = policy.window
        switch policy.kind {
        case .fixedWindow:
            if now >= opened + window { return Decision(isAdmitted: true) }
            return Decision(isAdmitted: used < limit, retryAfter: opened + window - now)
        case .alignedWindow:
            let place = index(now)
            return Decision(
                isAdmitted: counts[place, default: 0] < limit,
                retryAfter: phase + Double(place + 1) * window - now)
        case .slidingWindow, .slidingWindowOfAll:
            log.removeAll { $0 <= now - window }
            guard log.count >= limit else { return Decision(isAdmitted: true) }
            return Decision(isAdmitted: false, retryAfter: log[log.count - limit] + window - now)
        case .slidingCounter:
            let place = index(now)
            let share = (now - phase) / window - Double(place)
            let weighted = Double(counts[place - 1, default: 0]) * (1 - share) + Double(counts[place, default: 0])
            return Decision(isAdmitted: weighted < Double(limit), retryAfter: window / Double(limit))
        case .tokenBucket:
            let level = min(Double(limit), tokens + (now - refilled) * Double(limit) / window)
            return Decision(isAdmitted: level >= 1, retryAfter: (1 - level) * window / Double(limit))
        case .delay:
            let turn = max(now, queueEmptyAt)
            let waiting = (turn - now) * Double(limit) / window
            guard waiting < Double(limit) else { return Decision(isAdmitted: false, retryAfter: 1) }
            return Decision(isAdmitted: true, delay: turn - now)
        }
    }

    private mutating func apply(_ instant: Double) {
        switch policy.kind {
        case .fixedWindow:
            if instant >= opened + policy.window { (opened, used) = (instant, 0) }
            used += 1
        case .alignedWindow, .slidingCounter: counts[index(instant), default: 0] += 1
        case .slidingWindow, .slidingWindowOfAll: log.append(instant)
        case .tokenBucket:
            tokens = min(Double(policy.limit), tokens + (instant - refilled) * Double(policy.limit) / policy.window) - 1
            refilled = instant
        case .delay: queueEmptyAt = max(instant, queueEmptyAt) + policy.window / Double(policy.limit)
        }
    }
}
