import NIOCore
import Testing
import TestSupport

@testable import TodoServer

@Suite struct SlidingWindowsTests {
    private static let policy = RateLimitPolicy(limit: 5, windowSeconds: 10, kind: .slidingWindow)
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func at(_ milliseconds: Int64) -> NIODeadline { Self.start + .milliseconds(milliseconds) }

    @Test("a request is admitted when an earlier one expires")
    func admitsAsRequestsCeaseToCount() {
        var windows = SlidingWindows(policy: Self.policy)
        let answers = (0..<7).map { windows.admit("a", now: at($0 * 1000)) }
        #expect(answers.map(\.isAdmitted) == [true, true, true, true, true, false, false])
        #expect(answers.map(\.remaining) == [4, 3, 2, 1, 0, 0, 0])
        #expect(answers.map(\.resetMilliseconds) == [10_000, 9000, 8000, 7000, 6000, 5000, 4000])
        #expect(!windows.admit("a", now: at(9999)).isAdmitted)
        let next = windows.admit("a", now: at(10_000))
        #expect(next == Admission(isAdmitted: true, remaining: 0, resetMilliseconds: 1000))
        #expect(!windows.admit("a", now: at(10_999)).isAdmitted)
        #expect(windows.admit("a", now: at(11_000)).isAdmitted)
    }

    /// With random request times. No request is denied needlessly either.
    @Test("no interval of one window length has more admissions than the limit")
    func noStretchHoldsMoreThanTheLimit() {
        var generator = SeededGenerator(seed: 7)
        var windows = SlidingWindows(policy: Self.policy)
        var admitted: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<2000 {
            now += Int64.random(in: 0...3000, using: &generator)
            let counted = admitted.suffix(5).filter { $0 > now - 10_000 }.count
            let isAdmitted = windows.admit("a", now: at(now)).isAdmitted
            #expect(isAdmitted == (counted < 5))
            if isAdmitted { admitted.append(now) }
        }
        for (first, sixth) in zip(admitted, admitted.dropFirst(5)) { #expect(sixth - first >= 10_000) }
    }

    @Test("each client has its own window")
    func clientsAreApart() {
        var windows = SlidingWindows(policy: Self.policy)
        for _ in 0..<6 { _ = windows.admit("a", now: at(0)) }
        #expect(windows.admit("b", now: at(0)).remaining == 4)
    }

    @Test("the number of stored admissions is bounded")
    func isBounded() {
        var windows = SlidingWindows(policy: Self.policy, capacity: 100)
        for number in 0..<1000 { _ = windows.admit("\(number)", now: at(Int64(number))) }
        #expect(windows.count == 100)
        _ = windows.admit("a", now: at(11_000))
        #expect(windows.count == 1)
    }
}
