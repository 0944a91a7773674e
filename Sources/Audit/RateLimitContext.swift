/// Combines the findings for the keys of a rate limit into one.
struct RateLimitContext {
    var policy: RateLimitPolicy
    /// The keys' names.
    var names: [String]
    /// When the trace began.
    var start: Int64

    // MARK: Admissions

    /// - Parameter findings: one for each key.
    func finding(_ findings: [KeyFinding], _ keys: [Admissions]) -> AuditFinding {
        let admitted = keys.reduce(0) { $0 + $1.certain.count }
        let verdict = findings.map(\.verdict).max() ?? .undecided
        var finding = AuditFinding(verdict: verdict, sentence: "", examined: admitted)
        guard admitted > 0 else { return nothing("no request was admitted") }
        switch verdict {
        case .failed:
            let failed = findings.indices.filter { findings[$0].verdict == .failed }
            let worst = failed.max { findings[$0].witnesses.count < findings[$1].witnesses.count } ?? failed[0]
            finding.breaches = failed.count
            finding.witnesses = witnesses(findings[worst].witnesses, key: names[worst])
            finding.sentence =
                crowd(findings[worst].witnesses, key: names[worst])
                + (failed.count > 1
                    ? " Too many were also admitted from \(failed.count - 1) of the other \(keys.count - 1) keys." : "")
        case .proved:
            finding.sentence =
                "All \(counted(admitted, "admission")) of \(counted(keys.count, "key")) keep to \(policy.promise), "
                + "no matter when between sending and response each was decided."
        case .consistent:
            finding.sentence =
                "The \(counted(admitted, "admission")) of \(counted(keys.count, "key")) can be explained by \(policy.promise)."
            finding.resolution = resolution(keys)
        case .undecided:
            let open = findings.indices.filter { findings[$0].verdict == .undecided }
            let most = open.map { findings[$0].possibleMost }.max() ?? 0
            let certain = open.map { findings[$0].certainMost }.max() ?? 0
            finding.sentence =
                "The trace does not show whether \(counted(open.count, "key")) kept to \(policy.promise)"
                + (most > 0 ? ": in one stretch at least \(certain) and at most \(most) were admitted." : ".")
        }
        return finding
    }

    /// - Parameter shared: the finding for all keys together, which share one phase.
    func finding(_ shared: AlignedWindow.Finding, _ keys: [Admissions], _ length: Int64) -> AuditFinding {
        let admitted = keys.reduce(0) { $0 + $1.certain.count }
        guard admitted > 0 else { return nothing("no request was admitted") }
        var finding = AuditFinding(verdict: shared.verdict, sentence: "", examined: admitted)
        switch shared.verdict {
        case .failed:
            finding.breaches = 1
            finding.sentence =
                "Wherever windows of \(seconds(length)) begin, at least one admitted more than allowed"
            if let key = shared.witnessKey {
                finding.witnesses = witnesses(shared.witnesses, key: names[key])
                finding.sentence += ". The densest: " + crowd(shared.witnesses, key: names[key])
            } else {
                finding.sentence += "; the policy allows \(policy.promise)."
            }
        case .proved:
            finding.sentence =
                "All \(counted(admitted, "admission")) of \(counted(keys.count, "key")) keep to \(policy.promise), "
                + "wherever its windows begin."
        case .consistent:
            let phase = seconds(
                (shared.phase ?? 0) - (start % length) + ((shared.phase ?? 0) < start % length ? length : 0))
            finding.sentence =
                "The \(counted(admitted, "admission")) of \(counted(keys.count, "key")) can be explained by \(policy.promise), "
                + "with a window that begins \(phase) after the first request."
            finding.resolution =
                "The trace rules out all but \(seconds(shared.phasesLeft)) of the \(seconds(length)) in which windows may begin."
        case .undecided:
            finding.sentence = "The trace does not show whether \(policy.promise) explains the admissions."
            finding.resolution =
                "The trace rules out all but \(seconds(shared.phasesLeft)) of the \(seconds(length)) in which windows may begin."
        }
        return finding
    }

    private func nothing(_ reason: String) -> AuditFinding {
        AuditFinding(
            verdict: .undecided, sentence: "The trace does not show whether the limit holds: \(reason).", examined: 0)
    }

    /// `6 requests from 127.0.0.9 were admitted within 9.98 s; the policy allows 5 in any 10 s.`
    private func crowd(_ requests: [Interval], key: String) -> String {
        let span = (requests.map(\.received).max() ?? 0) - (requests.map(\.sent).min() ?? 0)
        let from = key.isEmpty ? "" : " from \(key)"
        return "\(counted(requests.count, "request"))\(from) \(requests.count == 1 ? "was" : "were") admitted within "
            + "\(seconds(span)); the policy allows \(policy.promise)."
    }

    /// How long requests took: admissions closer than that to a window's edge may lie on either side of it.
    private func resolution(_ keys: [Admissions]) -> String? {
        var widths: [Int64] = []
        widths.reserveCapacity(keys.reduce(0) { $0 + $1.certain.count })
        for key in keys { for interval in key.certain { widths.append(interval.received - interval.sent) } }
        guard let longest = widths.max() else { return nil }
        return
            "Requests took \(seconds(widths.median)) in the median and \(seconds(longest)) at most: "
            + "admissions closer than that to a window's edge cannot be distinguished."
    }

    // MARK: Denials

    func finding(_ findings: [WrongDenials]) -> AuditFinding {
        let denials = findings.reduce(0) { $0 + $1.denials }
        let wrong = findings.reduce(0) { $0 + $1.wrong }
        let right = findings.reduce(0) { $0 + $1.right }
        guard denials > 0 else {
            return AuditFinding(verdict: .proved, sentence: "No request was denied.", examined: 0)
        }
        var finding = AuditFinding(
            verdict: findings.map(\.verdict).max() ?? .undecided, sentence: "", examined: denials, breaches: wrong)
        if wrong > 0 {
            let worst = findings.indices.filter { findings[$0].worst != nil }
                .min { (findings[$0].worst?.counted ?? 0) < (findings[$1].worst?.counted ?? 0) }
            finding.sentence =
                "\(wrong) of \(counted(denials, "denial")) \(wrong == 1 ? "was" : "were") wrong: the limit had room."
            if let worst, let (denial, counted) = findings[worst].worst {
                finding.witnesses = witnesses([denial], key: names[worst])
                finding.sentence +=
                    " In the worst case, at most \(counted) admission\(counted == 1 ? "" : "s") counted; the policy allows "
                    + "\(policy.promise)."
            }
        } else if finding.verdict == .undecided {
            finding.sentence = "The denials could not be checked: the trace is too long for exact arithmetic."
        } else if right == denials {
            finding.sentence = "At each of \(counted(denials, "denial")) the limit was certainly exhausted."
        } else {
            finding.sentence =
                "Each of \(counted(denials, "denial")) can be explained on its own"
                + (right > 0 ? "; at \(right) the limit was certainly exhausted." : ".")
        }
        return finding
    }

    // MARK: Text

    private func witnesses(_ requests: [Interval], key: String) -> [AuditFinding.Witness] {
        requests.prefix(AuditFinding.mostWitnesses).map {
            AuditFinding.Witness(
                key: key, sent: $0.sent - start,
                received: $0.received == Interval.never ? nil : $0.received - start)
        }
    }
}

/// A count with its noun: `3 keys`, `1 key`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// A time with three significant digits: `9.98 s`, `1.2 ms`.
func seconds(_ time: Int64) -> String {
    let units: [(Double, String)] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]
    let value = Double(time)
    for (size, unit) in units where abs(value) >= size {
        let number = value / size
        let decimals = abs(number) >= 99.95 ? 0 : abs(number) >= 9.995 ? 1 : 2
        let text = number.rounded(toDecimals: decimals)
        return "\(text) \(unit)"
    }
    return "\(time) ns"
}

extension Double {
    /// The rounded number without trailing zeros: `9.98`, `10`.
    fileprivate func rounded(toDecimals decimals: Int) -> String {
        let factor = [1.0, 10, 100][decimals]
        let value = (self * factor).rounded() / factor
        return value == value.rounded() ? String(Int64(value)) : "\(value)"
    }
}

extension [Int64] {
    /// The element in the middle of the sorted order, found without sorting (Hoare, "Algorithm 65: Find", 1961). Reorders
    /// the elements. There must be at least one.
    fileprivate var median: Int64 {
        mutating get {
            let middle = count / 2
            var (low, high) = (0, count - 1)
            while low < high {
                let pivot = self[low + (high - low) / 2]
                var (left, right) = (low, high)
                while left <= right {
                    while self[left] < pivot { left += 1 }
                    while self[right] > pivot { right -= 1 }
                    guard left <= right else { break }
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
                if middle <= right { high = right } else if middle >= left { low = left } else { break }
            }
            return self[middle]
        }
    }
}
