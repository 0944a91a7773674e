extension LimitProbe {
    /// Concludes whether the limit holds when requests are in flight together.
    mutating func concludeExactness() {
        let races = findings.races.count
        let largest = history.batches.map(\.concurrency).max() ?? 1
        guard !alive.isEmpty else { return findings.exact.evidence = "no known kind explains the observations" }
        if isRefutedExact {
            findings.exact = Finding(false, .certain, leakEvidence)
        } else if races > 0, findings.limit.value != nil {
            findings.exact = Finding(
                true, .likely, "\(races) bursts of up to \(largest) concurrent requests did not exceed the limit")
        } else if races > 0 {
            findings.exact.evidence = "the limit is not known well enough"
        }
    }

    /// The worst burst, and how many exceeded the limit.
    private var leakEvidence: String {
        let reason = "no exact limiter explains what was admitted of requests in flight together"
        guard let limit = findings.limit.value else { return reason }
        let excesses = findings.races.map { $0.before + $0.admitted - limit }
        let leaks = excesses.count { $0 > 0 }
        guard let worst = excesses.max(), worst > 0 else { return reason }
        return "\(leaks) of \(excesses.count) bursts exceeded the limit of \(limit), at worst by \(worst)"
    }
}
