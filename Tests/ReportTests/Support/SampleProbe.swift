import Probe
import Scenario

@testable import Report

/// Results of probes for the tests of reports.
enum SampleProbe {
    static var limiter: ProbeResult {
        var findings = LimitFindings()
        findings.end = .complete
        findings.requests = 1234
        findings.seconds = 93.25
        findings.present = Finding(true, .certain, "request 6 was denied")
        findings.kind = Finding("sliding-window", .certain, "every other kind was refuted")
        findings.kinds = ["sliding-window"]
        findings.limit = Finding(5, .certain, "5 admissions before a denial")
        findings.window = Finding(10, .certain, "between 9.98 and 10.02 s")
        findings.burst.evidence = "not a bucket"
        findings.rate.evidence = "not a bucket"
        findings.exact = Finding(false, .certain, "of 35 requests sent at the same time, 9 were admitted")
        findings.key = Finding("address", .certain, "while the client was denied, another address was admitted <b>")
        findings.bypass = Finding(false, .certain, "a forwarding header changes nothing")
        findings.countsDenied = Finding(false, .certain, "denied requests did not prolong the wait")
        findings.retryAfter = Finding(
            "late", .likely,
            "3 of 9 promises were more than a second later than the next admission, and none of them was too early")
        return ProbeResult(
            target: "http://127.0.0.1:8080/todos", subject: .limiter(findings), budget: (5000, .seconds(600)))
    }

    static var cache: ProbeResult {
        var findings = CacheFindings()
        findings.requests = 310
        findings.seconds = 72.5
        findings.present = Finding(true, .certain, "65 responses say that they are hits: header X-Cache-Status=HIT")
        findings.visibleBy = Finding("header X-Cache-Status=HIT", .certain, "65 hits and 66 misses")
        findings.shape = Finding("latest", .certain, "25 values each replaced the one before")
        findings.ttlSeconds = Finding(5, .certain, "entries were alive at 4.96 s and expired at 5.02 s, in 6 fills")
        findings.scope = Finding("shared", .certain, "a value that one user read was a hit for another")
        findings.freshAfterWrite = Finding(false, .certain, "9 of 9 reads right after a write showed an older value")
        findings.staleness = Finding(
            CacheFindings.Staleness(median: 2.5, longest: 4.9, count: 14, isTTL: true), .certain, "after 14 writes")
        findings.stampede = Finding(
            CacheFindings.Stampede(sent: 16, misses: 16, count: 3), .certain, "up to 16 of 16 were misses")
        findings.etag = Finding("304 after a change", .certain, "write 9 changed the body, and the ETag did not")
        return ProbeResult(
            target: "cache.json read", subject: .cache(findings), budget: (5000, .seconds(600)))
    }

    static var leakingCache: ProbeResult {
        var findings = CacheFindings()
        findings.present = Finding(true, .certain, "")
        findings.leaks = Finding(true, .certain, "user 2 was shown what only user 1 may see")
        return ProbeResult(target: "x", subject: .cache(findings), budget: (1, .seconds(1)))
    }

    static var unknown: ProbeResult {
        var findings = LimitFindings()
        findings.end = .requests
        findings.requests = 5000
        return ProbeResult(
            target: "scenario.json read", subject: .limiter(findings), budget: (5000, .seconds(600)),
            failure: "connection refused")
    }
}
