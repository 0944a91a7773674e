import NIOCore
import Testing

@testable import TodoServer

@Suite struct FixedWindowsTests {
    private static let policy = RateLimitPolicy(limit: 5, windowSeconds: 10)
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let client = "127.0.0.1"

    private func at(_ milliseconds: Int64) -> NIODeadline { Self.start + .milliseconds(milliseconds) }

    @Test("exactly the limit is admitted")
    func admitsTheLimitAndNoMore() {
        var windows = FixedWindows(policy: Self.policy)
        let answers = (0..<8).map { windows.admit(client, now: at($0 * 100)) }
        #expect(answers.map(\.isAdmitted) == [true, true, true, true, true, false, false, false])
        #expect(answers.map(\.remaining) == [4, 3, 2, 1, 0, 0, 0, 0])
        #expect(answers.map(\.resetMilliseconds) == [10_000, 9900, 9800, 9700, 9600, 9500, 9400, 9300])
    }

    @Test("a new window opens after the previous one ends")
    func opensAnewWhenTheWindowEnds() {
        var windows = FixedWindows(policy: Self.policy)
        for _ in 0..<5 { _ = windows.admit(client, now: at(0)) }
        #expect(!windows.admit(client, now: at(9999)).isAdmitted)
        let next = windows.admit(client, now: at(10_000))
        #expect(next == Admission(isAdmitted: true, remaining: 4, resetMilliseconds: 10_000))
    }

    @Test("denied requests do not extend the window")
    func deniedRequestsProlongNothing() {
        var windows = FixedWindows(policy: Self.policy)
        for tenth in 0..<100 { _ = windows.admit(client, now: at(Int64(tenth) * 100)) }
        let answers = (0..<6).map { _ in windows.admit(client, now: at(10_000)).isAdmitted }
        #expect(answers == [true, true, true, true, true, false])
    }

    @Test("each client has its own window")
    func clientsAreApart() {
        var windows = FixedWindows(policy: Self.policy)
        for _ in 0..<6 { _ = windows.admit(client, now: at(0)) }
        #expect(windows.admit("127.0.0.2", now: at(0)).remaining == 4)
    }

    @Test("ended windows are removed")
    func forgetsWhatHasEnded() {
        var windows = FixedWindows(policy: Self.policy)
        for number in 0..<1000 { _ = windows.admit("\(number)", now: at(Int64(number))) }
        #expect(windows.count == 1000)
        _ = windows.admit(client, now: at(10_499))
        #expect(windows.count == 501)
    }

    @Test("the number of windows is bounded")
    func isBounded() {
        var windows = FixedWindows(policy: Self.policy, capacity: 100)
        for number in 0..<1000 { _ = windows.admit("\(number)", now: at(0)) }
        #expect(windows.count == 100)
    }
}
