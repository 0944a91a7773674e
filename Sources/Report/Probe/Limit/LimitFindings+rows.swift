import Probe
import Scenario

extension LimitFindings {
    /// The findings in the order of reports.
    var rows: [ProbeRow] {
        var rows = [
            ProbeRow("present", "limited", present), ProbeRow("kind", "kind", kind), ProbeRow("limit", "limit", limit),
            ProbeRow("windowSeconds", "window", window, unit: " s"), ProbeRow("burst", "burst", burst),
            ProbeRow("ratePerSecond", "rate", rate, unit: "/s"), ProbeRow("exact", "exact", exact),
            ProbeRow("key", "key", key), ProbeRow("bypass", "bypass", bypass),
            ProbeRow("countsDenied", "counts denied", countsDenied),
            ProbeRow("countsErrors", "counts errors", countsErrors),
            ProbeRow("retryAfter", "Retry-After", retryAfter), ProbeRow("fields", "RateLimit fields", fields),
        ]
        if instances != Finding() { rows.append(ProbeRow("instances", "instances", instances)) }
        return rows
    }

    /// Passed if a limit was found or ruled out.
    var verdict: OverallVerdict {
        let isKnown = present.value == true && (kind.value ?? limit.value.map(String.init)) != nil
        return present.value == false || isKnown ? .passed : .undecided(.incomplete)
    }
}
