import Probe
import Scenario

extension CacheFindings {
    /// The findings in the order of reports.
    var rows: [ProbeRow] {
        [
            ProbeRow("present", "cached", present), ProbeRow("visibleBy", "hits visible by", visibleBy),
            ProbeRow("shape", "reads show", shape), ProbeRow("ttlSeconds", "lifetime", ttlSeconds, unit: " s"),
            ProbeRow("slides", "reads prolong it", slides),
            ProbeRow("revalidates", "shown while refreshed", revalidates),
            ProbeRow("scope", "scope", scope), ProbeRow("leaks", "leaks", leaks),
            ProbeRow("freshAfterWrite", "fresh after a write", freshAfterWrite),
            ProbeRow("staleness", "stale for", staleness, Self.text, Self.json),
            ProbeRow("readYourWrites", "reads own writes", readYourWrites),
            ProbeRow("refillRace", "refill race", refillRace),
            ProbeRow("stampede", "stampede", stampede, Self.text, Self.json),
            ProbeRow("cacheControl", "Cache-Control", cacheControl), ProbeRow("age", "Age", age),
            ProbeRow("etag", "ETag", etag), ProbeRow("vary", "Vary", vary),
        ]
    }

    /// Failed if a user is shown another's data; passed if there is a cache or none.
    var verdict: OverallVerdict {
        if leaks.value == true { return .failed }
        return present.value == nil ? .undecided(.incomplete) : .passed
    }

    private static func text(_ staleness: Staleness) -> String {
        "\(NumberText.figure(staleness.median)) s, at most \(NumberText.figure(staleness.longest)) s"
    }

    private static func json(_ staleness: Staleness) -> JSON {
        var members = JSONObject([
            ("medianSeconds", number(staleness.median)), ("longestSeconds", number(staleness.longest)),
            ("count", .number(JSONNumber(staleness.count))),
        ])
        if let isTTL = staleness.isTTL { members["isLifetime"] = .boolean(isTTL) }
        return .object(members)
    }

    private static func text(_ stampede: Stampede) -> String {
        "\(stampede.misses) of \(stampede.sent) reached the origin"
    }

    private static func json(_ stampede: Stampede) -> JSON {
        [
            "sent": .number(JSONNumber(stampede.sent)), "misses": .number(JSONNumber(stampede.misses)),
            "count": .number(JSONNumber(stampede.count)),
        ]
    }

    private static func number(_ value: Double) -> JSON { JSONNumber(value).map(JSON.number) ?? .null }
}
