import TestSupport
import Testing
import Trace

@testable import Audit

@Suite struct PromiseTests {
    private func audit(_ rows: String) throws -> PromiseAudit {
        let header = "key,sent_ns,received_ns,outcome,retry_after,remaining\n"
        return PromiseAudit(KeyedTrace(try TraceCSV.read(Array((header + rows).utf8))))
    }

    @Test("a client that waits as told and is denied fails the promise")
    func brokenWait() throws {
        let audit = try audit(
            """
            k,0,1000,admitted,,
            k,2000,3000,denied,2,
            k,2000004000,2000005000,denied,1,

            """)
        #expect(audit.waits.verdict == .failed)
        #expect(
            audit.waits.sentence
                == "1 of 1 request that waited as told was denied: k was told to wait 2 s and denied 2 s after that response."
        )
        #expect(audit.waits.witnesses.map(\.sent) == [2000, 2_000_004_000])
    }

    @Test("a client that comes back early, or after another was admitted, proves nothing")
    func voidedWait() throws {
        #expect(try audit("k,0,10,denied,2,\nk,1999999999,2000000020,denied,1,\n").waits.verdict == .undecided)
        let taken = try audit("k,0,10,denied,2,\nk,5,3000000000,admitted,,\nk,2500000000,2500000010,denied,1,\n")
        #expect(taken.waits.verdict == .undecided)
        // A later denial extends the wait.
        let extended = try audit("k,0,10,denied,1,\nk,100,110,denied,3,\nk,2000000000,2000000010,denied,1,\n")
        #expect(extended.waits.verdict == .undecided)
        let unanswered = try audit("k,0,10,denied,1,\nk,20,,unknown,,\nk,2000000000,2000000010,denied,1,\n")
        #expect(unanswered.waits.verdict == .undecided)
    }

    @Test("a promise later than necessary is reported")
    func earlyAdmission() throws {
        let waits = try audit("k,0,10,denied,10,\nk,4000000000,4000000010,admitted,,\n").waits
        #expect(waits.verdict == .undecided)
        #expect(waits.resolution == "1 request was admitted before the promised time, up to 6 s early.")
    }

    @Test("a denial with requests left contradicts the remaining count")
    func remaining() throws {
        let audit = try audit("k,0,10,admitted,,2\nk,20,30,admitted,,\nk,40,50,denied,,\n")
        #expect(audit.remaining.verdict == .failed)
        #expect(
            audit.remaining.sentence
                == "1 denial contradicts the remaining count: k was denied 30 ns after a response said that 2 more would be "
                + "admitted, and at most 1 request came between.")
        let spent = try self.audit("k,0,10,admitted,,2\nk,20,30,admitted,,\nk,21,35,admitted,,\nk,40,50,denied,,\n")
        #expect(spent.remaining.verdict == .consistent)
        // A request that was retried may have been counted twice.
        let header = "key,sent_ns,received_ns,outcome,remaining,retried\n"
        let retried = header + "k,0,10,admitted,2,\nk,20,30,admitted,,true\nk,40,50,denied,,\n"
        let finding = PromiseAudit(KeyedTrace(try TraceCSV.read(Array(retried.utf8)))).remaining
        #expect(finding.verdict == .consistent)
    }

    /// A window that the first request opens, which says how long it lasts and what is left of it.
    @Test("no limiter's promises are wrongly failed", arguments: [0, 1, 2])
    func simulated(fault: Int) {
        var random = SeededGenerator(seed: 41)
        var (brokenWaits, brokenCounts) = (0, 0)
        for number in 0..<Simulation.traces {
            let second: Int64 = 1_000_000_000
            let (limit, width) = (Int(random.int(1...5)), random.int(0...second / 2))
            var (start, count) = (Int64.min / 2, 0)
            var now = 10 * second
            var trace = Simulation.trace([])
            for _ in 0..<random.int(2...30) {
                now += random.int(1...2 * second)
                if now >= start + 4 * second { (start, count) = (now, 0) }
                let isAdmitted = count < limit
                if isAdmitted { count += 1 }
                let wait = (start + 4 * second - now + second - 1) / second
                let record = Simulation.record(
                    Simulation.interval(around: now, width: width, &random), outcome: isAdmitted ? .admitted : .denied)
                // Faults: a second too short, and one more than is left.
                let promised = UInt64(max(0, fault == 1 ? wait - 1 : wait) * second)
                let left = UInt32(fault == 2 ? limit - count + 1 : limit - count)
                trace.records.append(record)
                trace.promises.append(
                    RateLimitPromise(record, retryAfter: isAdmitted ? nil : promised, remaining: left))
            }
            let audit = PromiseAudit(KeyedTrace(trace))
            if audit.waits.verdict == .failed {
                brokenWaits += 1
                #expect(fault == 1, "trace \(number): \(audit.waits): \(trace.records)")
            }
            if audit.remaining.verdict == .failed {
                brokenCounts += 1
                #expect(fault == 2, "trace \(number): \(audit.remaining): \(trace.records)")
            }
        }
        #expect((brokenWaits > 0) == (fault == 1) && (brokenCounts > 0) == (fault == 2))
    }
}
