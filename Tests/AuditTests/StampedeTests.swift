import TestSupport
import Testing
import Trace

@testable import Audit

@Suite struct StampedeTests {
    private func finding(
        _ misses: [ClosedRange<Int64>], hits: [ClosedRange<Int64>] = [], changes: [ClosedRange<Int64>] = [],
        limit: Int = 1, timeToLive: Int64? = nil
    ) -> AuditFinding {
        func intervals(_ ranges: [ClosedRange<Int64>]) -> [Interval] {
            ranges.map { Interval(sent: $0.lowerBound, received: $0.upperBound) }
        }
        var tally = StampedeTally()
        tally.note(
            KeyReads(misses: intervals(misses), hits: intervals(hits), changes: intervals(changes)),
            timeToLive: timeToLive, key: "list")
        return tally.finding(StampedePromise(limit: limit), start: 0)
    }

    @Test("concurrent misses fail, and the witnesses are those misses")
    func concurrent() {
        let finding = finding([0...12_000_000, 1...20, 5...30], hits: [20_000_000...20_000_010])
        #expect(finding.verdict == .failed)
        #expect(
            finding.sentence
                == "3 concurrent reads of list reached the origin within 12 ms; at most 1 may for one fill.")
        #expect(finding.witnesses.map(\.sent) == [0, 1, 5])
        #expect(finding.fills == [FillCount(misses: 3, fills: 1)])
    }

    @Test("one miss between hits is proved")
    func single() {
        let finding = finding([0...10, 100...110], hits: [20...30])
        #expect(finding.verdict == .proved && finding.fills == [FillCount(misses: 1, fills: 2)])
    }

    @Test("misses that a write may separate do not fail")
    func separated() {
        #expect(finding([0...10, 5...30], changes: [4...8]).verdict == .consistent)
        // The write was acknowledged before either was sent.
        #expect(finding([10...20, 15...30], changes: [4...8]).verdict == .failed)
        // A value that expires within a response's time may be filled twice.
        #expect(finding([0...10, 5...30], timeToLive: 20).verdict == .consistent)
        #expect(finding([0...10, 5...30], timeToLive: 40).verdict == .failed)
    }

    @Test("without misses nothing is known")
    func nothing() { #expect(finding([]).verdict == .undecided) }

    /// A cache that fills a value once, or for every read that finds it missing.
    @Test("no cache is wrongly failed or proved", arguments: [true, false])
    func simulated(coalesces: Bool) {
        var random = SeededGenerator(seed: 31)
        var shares = VerdictShares()
        for number in 0..<Simulation.traces {
            let overlap = Simulation.overlaps[Int(random.int(0...4))]
            let timeToLive = random.int(300...1000)
            var now: Int64 = 10_000
            // When the fill under way will end, when the value expires, and how many reads went to the origin for it.
            var (filled, expires, misses, most) = (Int64.min, Int64.min, 0, 0)
            var records: [TraceRecord] = []
            for _ in 0..<random.int(1...40) {
                now += random.int(1...80)
                if random.int(0...9) == 0 {
                    let change = Simulation.interval(around: now, width: overlap, &random)
                    records.append(Simulation.record(change, value: 0, operation: .write))
                    (filled, expires) = (.min, .min)
                    continue
                }
                let isFilling = now < filled
                let isHit = isFilling ? coalesces : now < expires
                var end = now
                if !isHit {
                    if !isFilling {
                        filled = now + random.int(0...50)
                        expires = filled + timeToLive
                        misses = 0
                    }
                    misses += 1
                    most = max(most, misses)
                    end = max(now, filled)
                } else if isFilling {
                    end = filled
                }
                var interval = Simulation.interval(around: now, width: overlap, &random)
                interval.received += end - now
                records.append(
                    Simulation.record(interval, responseClass: isHit ? 0 : 1, operation: .read))
            }
            var promise = StampedePromise(limit: 1)
            promise.timeToLive = UInt64(timeToLive)
            let trace = KeyedTrace(Simulation.trace(records, values: ["v"]))
            let finding = StampedeAudit.finding(trace, promise)
            shares.note(finding.verdict, overlap: overlap)
            if finding.verdict == .failed { #expect(most > 1, "trace \(number): \(finding): \(records)") }
            if finding.verdict == .proved { #expect(most <= 1, "trace \(number): \(finding): \(records)") }
        }
        #expect(shares.seen.contains(.failed) == !coalesces && shares.seen.contains(.proved))
        shares.print("cache that \(coalesces ? "coalesces" : "stampedes")")
    }
}
