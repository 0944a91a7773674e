import JSONDocuments
import Probe
import Scenario

/// When a pinned scenario sends which requests, and the policy that they must show.
struct PinnedPlan {
    enum Step {
        /// - Parameter together: whether the requests are sent at the same time.
        case requests(id: String, count: Int, together: Bool)
        case sleep(id: String, seconds: Double)

        var id: String {
            switch self {
            case .requests(let id, _, _), .sleep(let id, _): id
            }
        }
    }

    let policy: JSON
    /// Whether `Retry-After` and the remaining count must be right. The audit is undecided if one is absent.
    let checksPromises: Bool
    private(set) var steps: [Step] = []

    var requests: [Step] {
        steps.filter { if case .requests = $0 { true } else { false } }
    }

    /// More than the limit, by this many.
    private static let excess = 3
    /// Shortly before and after the instant that a window should end, as shares of it.
    private static let (before, after) = (0.96, 1.04)

    /// Nil if kind, limit, or window are not known.
    init?(_ findings: LimitFindings) {
        let kind = findings.kind.value ?? findings.kinds.first
        let isExact = findings.exact.value ?? false
        checksPromises = findings.retryAfter.value == "accurate" && findings.fields.value == "accurate"
        switch kind {
        case "token-bucket":
            guard let burst = findings.burst.value ?? findings.limit.value, let rate = findings.rate.value, rate > 0
            else {
                return nil
            }
            policy = ["kind": "token-bucket", "burst": .number(JSONNumber(burst)), "rate": .string(Self.rate(rate))]
            addBucket(burst, rate, isExact)
        case let kind? where kind != "delay":
            guard let limit = findings.limit.value, let window = findings.window.value else { return nil }
            policy = [
                "kind": .string(kind), "limit": .number(JSONNumber(limit)), "window": .string(Self.duration(window)),
            ]
            addWindows(limit, window, isExact, isWeighted: kind == "sliding-counter")
        default: return nil
        }
    }

    private mutating func addWindows(_ limit: Int, _ window: Double, _ isExact: Bool, isWeighted: Bool) {
        steps.append(.sleep(id: "wait for a full quota", seconds: (isWeighted ? 2.1 : 1.05) * window))
        // Several times: the phase of windows on the server's clock may excuse a single one.
        for number in 1...3 {
            steps.append(.requests(id: "use up the limit \(number)", count: limit + Self.excess, together: isExact))
            steps.append(.sleep(id: "wait until shortly before \(number)", seconds: Self.before * window))
            steps.append(.requests(id: "come too early \(number)", count: 1, together: false))
            steps.append(.sleep(id: "wait until shortly after \(number)", seconds: (Self.after - Self.before) * window))
        }
        if limit > 1 { addHalves(limit, window, isExact) }
        addPromisedWait()
        steps.append(.requests(id: "come back", count: limit + Self.excess, together: isExact))
    }

    /// Uses half of the limit early and the rest late. What is free after the first half's window depends on the kind.
    private mutating func addHalves(_ limit: Int, _ window: Double, _ isExact: Bool) {
        steps += [
            .sleep(id: "wait for the next quota", seconds: Self.after * window),
            .requests(id: "use half of it", count: limit / 2, together: false),
            .sleep(id: "wait until late", seconds: 0.6 * window),
            .requests(id: "use the rest", count: limit - limit / 2 + Self.excess, together: isExact),
            .sleep(id: "wait until the first half is old", seconds: (Self.after - 0.6) * window),
            .requests(id: "use what is free", count: limit + Self.excess, together: isExact),
        ]
    }

    /// Promises are whole seconds, rounded up; until then none has been shown to be right.
    private mutating func addPromisedWait() {
        if checksPromises { steps.append(.sleep(id: "wait as told", seconds: 1.1)) }
    }

    private mutating func addBucket(_ burst: Int, _ rate: Double, _ isExact: Bool) {
        steps.append(.sleep(id: "wait for a full bucket", seconds: 1.05 * Double(burst) / rate))
        steps.append(.requests(id: "empty the bucket", count: burst + Self.excess, together: isExact))
        steps.append(.sleep(id: "wait for most of a token", seconds: 0.9 / rate))
        steps.append(.requests(id: "come too early", count: 1, together: false))
        steps.append(.sleep(id: "wait for the token", seconds: 0.15 / rate))
        steps.append(.requests(id: "take the token", count: 1, together: false))
        let half = max(2, burst / 2)
        steps.append(.sleep(id: "wait for half a bucket", seconds: (Double(half) + 0.5) / rate))
        addPromisedWait()
        steps.append(.requests(id: "take what has come", count: burst + Self.excess, together: isExact))
    }

    // What a probe measures has an error of some thousandths, and limits are configured in round numbers.

    /// Within this share, the rounder number is the true one.
    private static let tolerance = 0.005

    /// A count per whole number of seconds if one is close, such as `5/2s`; otherwise the time of one token.
    private static func rate(_ perSecond: Double) -> String {
        for seconds in [1, 2, 3, 4, 5, 6, 10, 15, 20, 30, 60] {
            let count = (perSecond * Double(seconds)).rounded()
            // A large count in several seconds is close to any rate.
            guard count >= 1, seconds == 1 || count < 10, abs(count / Double(seconds) / perSecond - 1) <= tolerance
            else { continue }
            return seconds == 1 ? "\(Int(count))/s" : "\(Int(count))/\(seconds)s"
        }
        return "1/\(duration(1 / perSecond))"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = seconds.rounded()
        if whole >= 1, abs(whole / seconds - 1) <= tolerance { return "\(Int(whole))s" }
        return "\(max(1, Int((1000 * seconds).rounded())))ms"
    }
}

extension PinnedPlan.Step {
    /// - Parameters:
    ///   - request: the request of every step.
    ///   - statuses: those of all responses.
    func json(_ request: JSON, statuses: JSON) -> JSON {
        switch self {
        case .sleep(let id, let seconds):
            return ["id": .string(id), "sleep": .string("\(Int((1000 * seconds).rounded()))ms")]
        case .requests(let id, let count, let together):
            var members = JSONObject([("id", .string(id))])
            if together {
                members["burst"] = ["count": .number(JSONNumber(count))]
            } else if count > 1 {
                members["repeat"] = .number(JSONNumber(count))
            }
            members["request"] = request
            members["expect"] = ["status": ["in": statuses]]
            return .object(members)
        }
    }
}
