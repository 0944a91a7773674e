import Foundation
import Report
import Scenario
import TestSupport
import Testing

@testable import Audit
@testable import Load

/// Audits in the reports of a load.
@Suite struct LoadAuditTests {
    private static let failed = AuditFinding(
        audit: "sliding-window:5/10s admissions", verdict: .failed,
        sentence: "6 requests from 127.0.0.9 were admitted within 9.98 s; the policy allows 5 in any 10 s.",
        witnesses: [
            .init(key: "127.0.0.9", sent: 1_234_567, received: 2_345_678, what: "read \"3\""),
            .init(key: "127.0.0.9", sent: 9_979_000_001, received: nil),
        ], examined: 4000, breaches: 1)
    private static let consistent = AuditFinding(
        audit: "fresh reads", verdict: .consistent, sentence: "None of 12 reads is stale.",
        resolution: "3 reads overlapped a write: for those, either value is correct.", examined: 12)

    private static func load(_ audits: [AuditFinding]) -> EvaluatedLoad {
        var result = LoadReportTests.result
        result.steps[0].failedResponses = 0
        result.steps[0].failures = []
        result.steps[0].errors = [:]
        var load = EvaluatedLoad(result)
        load.audits = audits
        return load
    }

    @Test("a failed audit fails the load, and an undecided one leaves it undecided")
    func verdict() {
        #expect(Self.load([]).verdict == .passed && Self.load([Self.consistent]).verdict == .passed)
        #expect(Self.load([Self.consistent, Self.failed]).verdict == .failed)
        var undecided = Self.consistent
        undecided.verdict = .undecided
        #expect(Self.load([undecided]).verdict == .undecided(.incomplete))
        // A failed audit is evidence even if the measurement is invalid.
        var invalid = Self.load([Self.failed])
        invalid.result.arrivalsWithoutUser = 1
        #expect(invalid.verdict == .failed)
    }

    @Test("text and CSV show the audits")
    func reports() throws {
        let load = Self.load([Self.failed, Self.consistent])
        let text = try LoadReport.text.render(load)
        #expect(
            text.contains(
                """

                ✗ failed sliding-window:5/10s admissions
                  6 requests from 127.0.0.9 were admitted within 9.98 s; the policy allows 5 in any 10 s.
                    key              sent    received
                    127.0.0.9  0.001235 s  0.002346 s  read "3"
                    127.0.0.9  9.979000 s       never

                ✓ consistent fresh reads
                  None of 12 reads is stale.
                  3 reads overlapped a write: for those, either value is correct.

                """), "\(text)")
        let rows = try LoadReport.csv.render(load).split(separator: "\r\n")
        #expect(rows.count == 6 && rows[0].hasSuffix(",audit,verdict,sentence"))
        #expect(rows[5].hasPrefix("reads,,") && rows[5].hasSuffix(",fresh reads,consistent,None of 12 reads is stale."))
        #expect(Set(rows.map { $0.count { $0 == "," } }).count == 1)
    }

    @Test("the JSON follows the schema and is read again, to the nanosecond")
    func roundTrip() throws {
        let load = Self.load([Self.failed, Self.consistent])
        let data = try LoadDocument(load).encoded()
        let root = try JSONDocument(parsing: Array(data)).root.value
        var checker = SchemaChecker(try JSONDocument(parsing: Array(LoadReportSchema.text.utf8)).root.value)
        checker.check(root)
        #expect(checker.problems == [])
        #expect(String(decoding: data, as: UTF8.self).contains("\"sentMs\": 9979.000001"))
        let read = try EvaluatedLoad(reading: data)
        #expect(read.audits == load.audits && read.result == load.result && read.verdict == .failed)
    }

    @Test("a merged result keeps the audits of its parts, under their names")
    func merging() throws {
        var other = Self.load([Self.consistent])
        other.result.startedAt += 0.5
        let merged = try EvaluatedLoad.merging([("a.json", Self.load([Self.failed])), ("b.json", other)])
        #expect(merged.audits.map(\.audit) == ["a.json: sliding-window:5/10s admissions", "b.json: fresh reads"])
        #expect(merged.verdict == .failed)
    }
}
