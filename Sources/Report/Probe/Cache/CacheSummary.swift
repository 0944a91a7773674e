import Probe

/// A paragraph on a cache that a colleague understands.
struct CacheSummary {
    private let findings: CacheFindings

    init(_ findings: CacheFindings) { self.findings = findings }

    var text: String {
        guard let isPresent = findings.present.value else {
            return "Whether there is a cache is not known: \(findings.present.evidence)."
        }
        guard isPresent else { return "No cache was found: \(findings.present.evidence)." }
        return [lifetime, scope, freshness, race, stampede, fields].compactMap(\.self).joined(separator: " ")
    }

    private var lifetime: String {
        let signal =
            switch findings.visibleBy.value {
            case nil: "Reads are cached, although no response says so,"
            case "time": "Reads are cached, which shows only in how long they take,"
            case let signal?: "Reads are cached, which shows in \(signal),"
            }
        guard let seconds = findings.ttlSeconds.value else {
            return "\(signal) for an unknown time: \(findings.ttlSeconds.evidence)."
        }
        let slides = findings.slides.value == true ? ", and each read prolongs it" : ""
        let revalidates =
            findings.revalidates.value == true ? " An expired value is shown once more while it is refreshed." : ""
        return "\(signal) for \(NumberText.figure(seconds)) s\(slides).\(revalidates)"
    }

    private var scope: String? {
        if findings.leaks.value == true { return "Users are shown each other's data: \(findings.leaks.evidence)." }
        switch findings.scope.value {
        case "per-user": return "Each user has an entry of its own."
        case "shared": return "All users share the entry."
        default: return nil
        }
    }

    private var freshness: String? {
        guard let isFresh = findings.freshAfterWrite.value else { return nil }
        if isFresh { return "A read after an acknowledged write shows it." }
        guard let staleness = findings.staleness.value else {
            return "After a write, reads show the old value: \(findings.freshAfterWrite.evidence)."
        }
        let end = staleness.isTTL == true ? ", until the entry expires" : ""
        return "After a write, reads show the old value for up to \(NumberText.figure(staleness.longest)) s\(end)."
    }

    private var race: String? {
        findings.refillRace.value.map {
            $0
                ? "A slow read can restore an old value: \(findings.refillRace.evidence)."
                : "No slow read restored an old value."
        }
    }

    private var stampede: String? {
        findings.stampede.value.map {
            $0.misses <= 1
                ? "Of concurrent reads of an empty cache, one reaches the origin."
                : "Of \($0.sent) concurrent reads of an empty cache, up to \($0.misses) reach the origin."
        }
    }

    /// The header fields that are wrong.
    private var fields: String? {
        let named = [
            ("Cache-Control", findings.cacheControl), ("Age", findings.age), ("ETag", findings.etag),
            ("Vary", findings.vary),
        ]
        let wrong = named.filter { _, finding in
            finding.value.map { !["accurate", "absent", "unneeded", "no-store"].contains($0) } ?? false
        }
        return wrong.isEmpty
            ? nil : wrong.map { "\($0) is \($1.value ?? "wrong"): \($1.evidence)." }.joined(separator: " ")
    }
}
