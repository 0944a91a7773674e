import Audit
import Foundation

extension AuditReport {
    /// JSON. Times are in nanoseconds since the start of the trace.
    package static var json: AuditReport {
        AuditReport("json") { result, _ in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes, .sortedKeys]
            return String(decoding: try encoder.encode(AuditDocument(result)), as: UTF8.self) + "\n"
        }
    }
}

/// The structure of the JSON document.
private struct AuditDocument: Encodable {
    struct Entry: Encodable {
        var verdict: String
        var audit: String
        var sentence: String
        var resolution: String?
        var examined: Int
        var breaches: Int
        var witnesses: [Witness]
        var staleness: [Staleness]?
        var fills: [Fills]?
    }

    /// Reads by the time since the last acknowledged write.
    struct Staleness: Encodable {
        var fromNs: Int64
        var toNs: Int64?
        var reads: Int
        var stale: Int
        /// The 95% interval of the probability.
        var low: Double
        var high: Double

        init(_ bin: StalenessCurve.Bin) {
            (fromNs, toNs, reads, stale) = (bin.from, bin.to, bin.reads, bin.stale)
            (low, high) = (bin.interval.lowerBound, bin.interval.upperBound)
        }
    }

    /// How many fills of a cached value had this number of reads at the origin.
    struct Fills: Encodable {
        var misses: Int
        var fills: Int
    }

    struct Witness: Encodable {
        var key: String
        var sentNs: Int64
        var receivedNs: Int64?
        var what: String?
    }

    /// Identifies the format in every document.
    var format = "urn:gauntlet:audit-report:1"
    var verdict: String
    var traces: [String]
    var requests: Int
    var clockBoundNs: UInt64
    var audits: [Entry]

    init(_ result: AuditResult) {
        verdict = result.worst.rawValue
        traces = result.traces
        requests = result.requests
        clockBoundNs = result.clockBound
        audits = result.entries.map { entry in
            Entry(
                verdict: entry.finding.verdict.rawValue, audit: entry.name, sentence: entry.finding.sentence,
                resolution: entry.finding.resolution, examined: entry.finding.examined,
                breaches: entry.finding.breaches,
                witnesses: entry.finding.witnesses.map {
                    Witness(key: $0.key, sentNs: $0.sent, receivedNs: $0.received, what: $0.what)
                },
                staleness: entry.finding.curve.isEmpty ? nil : entry.finding.curve.map(Staleness.init),
                fills: entry.finding.fills.isEmpty
                    ? nil : entry.finding.fills.map { Fills(misses: $0.misses, fills: $0.fills) })
        }
    }
}
