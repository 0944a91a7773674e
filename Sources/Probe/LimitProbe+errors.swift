extension LimitProbe {
    /// The variants whose requests are rejected.
    private var rejected: [ProbeClient] { options.variants.filter(\.isRejected) }

    /// Sends rejected requests and sees how much of the limit is left.
    mutating func planErrors(_ round: Int) {
        guard round < rejected.count, let limit = findings.limit.value ?? knownLimit,
            requestsLeft > 2 * limit + 2
        else {
            _ = end(.complete)
            return
        }
        history.isClosed = true
        stage = .errors(round + 1)
        steps = [.rest(fullRecovery), .mark, .spend(Spending(rejected[round], limit: limit)), .fill(fill())]
    }

    /// The limit, if only one is left.
    private var knownLimit: Int? {
        let hulls = alive.compactMap(\.hull)
        guard let first = hulls.first else { return nil }
        let count = hulls.dropFirst().reduce(first) { $0.union($1) }.count
        return count.count == 1 ? count.lowerBound : nil
    }

    /// Concludes whether rejected requests count.
    mutating func concludeErrors() {
        let spendings = findings.spendings.filter { $0.left != nil }
        guard !spendings.isEmpty else { return }
        let evidence = spendings.map {
            "after \($0.sent) \($0.client.name) requests, \($0.left ?? 0) of \($0.limit) were admitted"
        }.joined(separator: "; ")
        let verdicts = Set(spendings.map(\.isCounted))
        let agreed = verdicts.count == 1 ? verdicts.first ?? nil : nil
        findings.countsErrors = Finding(agreed, .likely, evidence)
    }
}
