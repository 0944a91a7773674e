import Probe
import Scenario

/// A format of reports on a probe.
package typealias ProbeReport = ReportFormat<ProbeResult>

/// What a probe found out.
package struct ProbeResult: Sendable {
    /// What was probed.
    package enum Subject: Sendable {
        case limiter(LimitFindings)
        case cache(CacheFindings)
    }

    /// The URL, or the file and step. Secrets are masked.
    package var target: String
    package var subject: Subject
    /// The most requests and time that the probe was allowed.
    package var budget: (requests: Int, time: Duration)
    /// The first request that failed, if any.
    package var failure: String?

    package init(
        target: String, subject: Subject, budget: (requests: Int, time: Duration), failure: String? = nil
    ) {
        self.target = target
        self.subject = subject
        self.budget = budget
        self.failure = failure
    }
}

extension ProbeResult: Reportable {
    package static var formats: [ProbeReport] { [.text, .json, .html] }

    package var verdict: OverallVerdict {
        switch subject {
        case .limiter(let findings): findings.verdict
        case .cache(let findings): findings.verdict
        }
    }

    package var notes: [String] { [failure.map { "a request failed: \($0)" }, endNote].compactMap(\.self) }

    /// Why the probe ended early; nil if it did not.
    private var endNote: String? {
        switch end {
        case "requests": "the budget of requests is spent; --budget raises it"
        case "time": "the budget of time is spent; --budget raises it"
        case "serverError": "stopped: the server answered 5xx; if that is how a limiter denies, use --denied STATUS"
        case "stopped": "stopped before the end"
        case "rejected": "stopped: the server rejected several requests in succession"
        case "notShown": "stopped: no read showed a written value; does --read read what --write writes?"
        default: nil
        }
    }
}

// What all subjects have in common.
extension ProbeResult {
    /// Why the probe ended.
    var end: String {
        switch subject {
        case .limiter(let findings): "\(findings.end)"
        case .cache(let findings): "\(findings.end)"
        }
    }

    var requests: Int {
        switch subject {
        case .limiter(let findings): findings.requests
        case .cache(let findings): findings.requests
        }
    }

    var seconds: Double {
        switch subject {
        case .limiter(let findings): findings.seconds
        case .cache(let findings): findings.seconds
        }
    }

    /// A paragraph that a colleague understands.
    package var summary: String {
        switch subject {
        case .limiter(let findings): LimitSummary(findings).text
        case .cache(let findings): CacheSummary(findings).text
        }
    }

    /// In the order of reports.
    package var rows: [ProbeRow] {
        switch subject {
        case .limiter(let findings): findings.rows
        case .cache(let findings): findings.rows
        }
    }

    /// The member of the JSON report that holds the findings.
    var subjectName: String {
        switch subject {
        case .limiter: "limiter"
        case .cache: "cache"
        }
    }
}
