import Foundation
import Probe

/// A paragraph on a limiter that a colleague understands.
struct LimitSummary {
    private let findings: LimitFindings

    init(_ findings: LimitFindings) { self.findings = findings }

    var text: String {
        guard let isPresent = findings.present.value else {
            return "Whether there is a limit is not known: \(findings.present.evidence)."
        }
        guard isPresent else { return "No limit was found: \(findings.present.evidence)." }
        return [limit, key, instances, exactness, denials, retryAfter, fields].compactMap(\.self).joined(separator: " ")
    }

    private var limit: String {
        let count =
            findings.limit.value.map { $0 == 1 ? "1 request" : "\($0) requests" }
            ?? "An unknown number of requests (\(findings.limit.evidence))"
        let window =
            findings.window.value.map { "\(Self.figure($0)) s" } ?? "an unknown time (\(findings.window.evidence))"
        switch findings.kind.value {
        case "fixed-window": return "\(count) per \(window), in a window that the first request opens."
        case "aligned-window": return "\(count) per \(window), in windows of the server's clock."
        case "sliding-window": return "\(count) in any \(window)."
        case "sliding-counter": return "\(count) per \(window), as a weighted count over two windows."
        case "token-bucket":
            let burst = findings.burst.value.map { "\($0)" } ?? "an unknown number (\(findings.burst.evidence))"
            return "A token bucket: a burst of \(burst), and \(rate)."
        case "delay":
            let queue = findings.burst.value.map { "a queue of \($0)" } ?? "a queue (\(findings.burst.evidence))"
            return "Requests are held back rather than denied: \(queue), served at \(rate)."
        default:
            let kinds = findings.kinds.joined(separator: ", ")
            return "\(count) per \(window). The kind is not known\(kinds.isEmpty ? "" : "; possible are \(kinds)")."
        }
    }

    private var rate: String {
        findings.rate.value.map { "\(Self.figure($0)) per second" } ?? "an unknown rate (\(findings.rate.evidence))"
    }

    private var key: String? {
        switch findings.key.value {
        case nil: nil
        case "global": "All clients share the limit."
        case "address": "Each address has a limit of its own."
        case "credential": "Each credential has a limit of its own."
        case "forwarded": "An address in a forwarding header selects the count: any client can evade the limit."
        case let key?: "Each \(key.replacing("+", with: " and ")) has a limit of its own."
        }
    }

    private var instances: String? {
        switch findings.instances.value {
        case "shared": "Another instance shares the count."
        case "separate": "Another instance counts alone, so each multiplies the limit."
        default: nil
        }
    }

    private var fields: String? {
        findings.fields.value == "wrong" ? "The RateLimit fields are wrong: \(findings.fields.evidence)." : nil
    }

    private var exactness: String? {
        findings.exact.value.map {
            $0 ? "Concurrent requests do not exceed it." : "Concurrent requests exceed it: \(findings.exact.evidence)."
        }
    }

    private var denials: String? {
        findings.countsDenied.value == true ? "Denied requests prolong the wait." : nil
    }

    private var retryAfter: String? {
        switch findings.retryAfter.value {
        case "accurate": "Retry-After is accurate."
        case "absent": "Denials do not say when to come back."
        case let value?: "Retry-After is \(value): \(findings.retryAfter.evidence)."
        case nil: nil
        }
    }

    static func figure(_ value: Double) -> String { NumberText.figure(value) }
}
