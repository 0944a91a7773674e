import Testing
import TestSupport
import Trace

@testable import Audit

/// Simulates limiters, which know when they decided, and audits them by what a client sees.
@Suite struct RateLimitTests {
    private static let second: Int64 = 1_000_000_000

    /// A client that sends requests at random intervals to a limiter that decides anywhere between sending and
    /// response.
    private func trace(
        seed: UInt64, requests: Int = 400, _ decide: (_ instant: Int64) -> Bool
    ) -> Admissions {
        var random = SeededGenerator(seed: seed)
        var admissions: [Interval] = []
        var denials: [Interval] = []
        var instant: Int64 = 0
        for _ in 0..<requests {
            instant += random.int(1_000_000...200_000_000)
            let interval = Interval(
                sent: instant - random.int(0...900_000), received: instant + random.int(0...900_000))
            if decide(instant) { admissions.append(interval) } else { denials.append(interval) }
        }
        return Admissions(certain: admissions, denied: denials)
    }

    @Test("a trace of an exact sliding window never fails", arguments: 1...40 as ClosedRange<UInt64>)
    func exactSlidingWindow(seed: UInt64) {
        var log: [Int64] = []
        let trace = trace(seed: seed) { now in
            log.removeAll { $0 + Self.second <= now }
            guard log.count < 5 else { return false }
            log.append(now)
            return true
        }
        let finding = SlidingWindow.audit(trace, limit: 5, length: Self.second)
        #expect(finding.verdict == .consistent || finding.verdict == .proved)
        #expect(WrongDenials(trace, limit: 5, length: Self.second, isSliding: true).wrong == 0)
    }

    @Test("a trace of a window that expires 5% early fails", arguments: 1...40 as ClosedRange<UInt64>)
    func earlyExpiry(seed: UInt64) {
        var log: [Int64] = []
        let trace = trace(seed: seed, requests: 4000) { now in
            log.removeAll { $0 + Self.second * 95 / 100 <= now }
            guard log.count < 5 else { return false }
            log.append(now)
            return true
        }
        #expect(SlidingWindow.audit(trace, limit: 5, length: Self.second).verdict == .failed)
    }

    @Test("a fixed window passes as fixed and fails as sliding", arguments: 1...20 as ClosedRange<UInt64>)
    func fixedWindow(seed: UInt64) {
        var (start, count) = (Int64.min / 2, 0)
        let trace = trace(seed: seed, requests: 2000) { now in
            if now >= start + Self.second { (start, count) = (now, 0) }
            count += 1
            return count <= 5
        }
        #expect(FixedWindow.audit(trace, limit: 5, length: Self.second).verdict == .consistent)
        #expect(SlidingWindow.audit(trace, limit: 5, length: Self.second).verdict == .failed)
        #expect(FixedWindow.audit(trace, limit: 4, length: Self.second).verdict == .failed)
    }

    @Test("the audit finds the phase of an aligned window", arguments: 1...20 as ClosedRange<UInt64>)
    func alignedWindow(seed: UInt64) {
        let phase: Int64 = 123_456_789
        var counts: [Int64: Int] = [:]
        let trace = trace(seed: seed, requests: 4000) { now in
            counts[(now - phase) / Self.second, default: 0] += 1
            return counts[(now - phase) / Self.second, default: 0] <= 5
        }
        let finding = AlignedWindow.audit([trace], limit: 5, length: Self.second)
        #expect(finding.verdict == .consistent)
        #expect(abs((finding.phase ?? 0) - phase) < Self.second / 4)
        #expect(AlignedWindow.audit([trace], limit: 4, length: Self.second).verdict == .failed)
    }

    @Test(
        "a token bucket is consistent with its own rate and burst, and fails a smaller burst",
        arguments: 1...20 as ClosedRange<UInt64>)
    func tokenBucket(seed: UInt64) {
        var (tokens, last) = (20.0, Int64(0))
        let trace = trace(seed: seed, requests: 2000) { now in
            tokens = min(20, tokens + Double(now - last) * 5 / 1e9)
            last = now
            guard tokens >= 1 else { return false }
            tokens -= 1
            return true
        }
        let exact = TokenBucket(burst: 20, tokens: 1, period: Self.second / 5)
        #expect(exact.audit(trace).verdict == .consistent)
        #expect(WrongDenials(trace, exact).wrong == 0)
        #expect(TokenBucket(burst: 19, tokens: 1, period: Self.second / 5).audit(trace).verdict == .failed)
        #expect(TokenBucket(burst: 20, tokens: 1, period: Self.second / 6).audit(trace).verdict == .proved)
        #expect(WrongDenials(trace, TokenBucket(burst: 40, tokens: 1, period: Self.second / 5)).wrong > 0)
    }

    @Test("a limiter that denies too early fails")
    func wrongDenials() {
        var log: [Int64] = []
        let trace = trace(seed: 3) { now in
            log.removeAll { $0 + Self.second <= now }
            guard log.count < 4 else { return false }
            log.append(now)
            return true
        }
        let denials = WrongDenials(trace, limit: 5, length: Self.second, isSliding: true)
        #expect(denials.verdict == .failed)
        #expect(denials.worst?.counted == 4)
    }

    @Test("a denial before any admission is wrong, for a bucket and for a window")
    func earlyDenials() {
        let denied = [Interval(sent: 5, received: 6)]
        let later = [Interval(sent: 50, received: 51)]
        for trace in [Admissions(certain: [], denied: denied), Admissions(certain: later, denied: denied)] {
            #expect(WrongDenials(trace, TokenBucket(burst: 1, tokens: 1, period: 100)).verdict == .failed)
            #expect(WrongDenials(trace, limit: 1, length: 100, isSliding: true).verdict == .failed)
        }
    }

    @Test("a request without a response may have been admitted")
    func unknownMayCount() {
        let certain = (0..<5).map { Interval(sent: Int64($0), received: Int64($0)) }
        let unknown = Interval(sent: 10, received: Interval.never)
        #expect(SlidingWindow.audit(Admissions(certain: certain), limit: 5, length: 100).verdict == .proved)
        #expect(
            SlidingWindow.audit(Admissions(certain: certain, uncertain: [unknown]), limit: 5, length: 100).verdict
                == .consistent)
        // The denial is right if the request without a response was admitted.
        let four = Admissions(
            certain: Array(certain.dropLast()), uncertain: [unknown], denied: [Interval(sent: 20, received: 21)])
        #expect(WrongDenials(four, limit: 5, length: 100, isSliding: true).wrong == 0)
    }

    @Test("a retried request may have been admitted twice")
    func retriedMayCountTwice() {
        var records = (0..<5 as Range<UInt64>).map { TraceRecord(sent: $0, received: $0) }
        let plain = SlidingWindow.audit(Admissions(records[...]), limit: 5, length: 100)
        #expect(plain.verdict == .proved)
        records[4] = TraceRecord(sent: 4, received: 4, isRetried: true)
        let retried = SlidingWindow.audit(Admissions(records[...]), limit: 5, length: 100)
        #expect(retried.verdict == .consistent && retried.possibleMost == 6)
    }
}
